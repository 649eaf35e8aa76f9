//! The vocabulary of law, society, the humanities and everyday life.

/// As [`FIELDS`](super::FIELDS).
#[rustfmt::skip]
pub(super) const SOCIETY: &[super::Field] = &[
    ("law",
        "plaintiff defendant statute statutory tort negligence negligent felony misdemeanor larceny burglary \
         robbery arson homicide manslaughter easement mortgagee mortgagor grantee grantor lessee lessor \
         fee_simple devisee testator codicil hearsay admissible inadmissible prosecutor indictment indicted \
         acquitted plea_bargain sued lawsuit litigation litigant attorney appellate injunction \
         specific_performance breach_of_contract promissory offeree offeror supreme_court district_court \
         trial_court due_process equal_protection first_amendment fourth_amendment jurisdiction common_law \
         case_law criminal_law contract_law property_law libel slander strict_liability vicarious \
         malice_aforethought subpoena deposition affidavit cross-examination counterclaim restitution \
         foreclosure quitclaim warranty_deed tenancy probate trespass bailment jurisprudence legal_positivism \
         natural_law judge's jury prevail conviction defendant's suit prosecution thereafter testified owned \
         filed lease recover",
        "court judge law legal illegal lawyer crime criminal guilty liable liability contract evidence \
         testimony testify witness trial arrest arrested police deed landlord tenant damages claim sentence \
         constitution constitutional unconstitutional ordinance legislature motion appeal convicted charged \
         offense ownership land owner conveyed agreement will estate action property agreed decided refused \
         entered car fee clause against pay defense"),
    ("international-law",
        "international_law treaty_law customary_international opinio_juris jus_cogens state_responsibility \
         geneva_convention vienna_convention icj international_court icc extradition law_of_the_sea \
         continental_shelf exclusive_economic_zone echr human_rights_treaty refugee_convention \
         non-refoulement erga_omnes un_charter right_of_self-defence sovereign_immunity coastal treaties \
         statehood jure incorporation nationality universal_jurisdiction zone recognition",
        "treaty convention human_rights sovereignty tribunal state_practice territorial jurisdiction \
         reservation united_nations human council maritime vessel sea doctrine parties binding conduct \
         committed acts sovereign consent practice obligation interpretation custom"),
    ("economics",
        "gdp inflation unemployment monetary_policy fiscal_policy federal_reserve central_bank interest_rate \
         aggregate_demand aggregate_supply money_supply supply_curve demand_curve elasticity elastic \
         inelastic marginal_cost marginal_revenue marginal_utility marginal_product monopoly monopolist \
         oligopoly monopolistic perfectly_competitive perfect_competition price_ceiling price_floor \
         deadweight consumer_surplus producer_surplus opportunity_cost comparative_advantage tariff keynesian \
         monetarist phillips_curve crowding_out multiplier_effect marginal_propensity disposable_income \
         real_wage recession trade_deficit exchange_rate balance_of_payments externality public_good \
         free_rider normal_good inferior_good substitutes economies_of_scale diminishing_returns \
         profit-maximizing lorenz_curve gini reserve_requirement open_market nominal expansionary \
         contractionary fed aggregate fiscal monetary deficit surplus utility atc avc sloping shift_right \
         shift_left shift_the unemployed securities long-run short-run cross-price substitution",
        "economy economic market price demand supply consumer producer firm wage tax output labor goods \
         income spending industry quantity equilibrium subsidy government currency dollar export import \
         short_run long_run investment curve rise fall rises falls real net level exchange imports exports \
         reserve quota consume marginal diminishing shortage minimum perfectly multiplier bank increase \
         decrease decreases"),
    ("accounting",
        "accounting accountant audit auditor balance_sheet income_statement cash_flow gaap ifrs fasb accrual \
         depreciation amortization goodwill deferred_tax accounts_receivable accounts_payable \
         retained_earnings inventory_turnover ledger journal_entry debit credit_sale fiscal_year \
         financial_statement stockholder shareholder's_equity dividend preferred_stock common_stock \
         bond_issue present_value net_present internal_rate_of_return working_capital fair_value \
         cost_of_goods fifo lifo taxable_income irs gross_income tax_return deduction deductible \
         adjusted_basis internal_control materiality cpa overhead_rate direct_materials variance_analysis \
         par_value annuity capital_gain bookkeeping write-off lease_obligation coupon_rate yield_to_maturity \
         auditor's nonissuer misstatement engagement year-end not-for-profit receivable compilation audited \
         inventory",
        "asset liability revenue expense net_income cost company corporation year_end co inc share stock loan \
         interest budget profit loss payment capital investment partner partnership reporting entity \
         december_31 january_1 invoice cash net report amount debt internal control control's flows december \
         liabilities review fund outstanding fair gross management's policy equipment financial account"),
    ("business",
        "stakeholder corporate_social csr corporate_governance entrepreneur entrepreneurship human_resource \
         organizational organisational organization_chart management_style manager employee_motivation \
         leadership_style supply_chain outsourcing total_quality strategic_management swot porter mintzberg \
         taylorism weber's bureaucracy matrix_structure span_of_control delegation team_building merger \
         acquisition joint_venture whistleblowing ethical_consumerism business_ethics triple_bottom \
         sustainability_report startup shareholder accountability predatory",
        "business company organization organisation employee management strategy leadership worker firm \
         corporate team planning ceo customer decision-making competitive industry operations project \
         decision resource environmental financial engage performance strategic contingency structure chain \
         formal"),
    ("marketing",
        "marketing marketer advertising advertisement brand branding brand_equity public_relations \
         press_release market_segmentation segmentation target_market consumer_behavior consumer_behaviour \
         buyer_behaviour promotion_mix marketing_mix sales_promotion personal_selling product_life_cycle \
         distribution_channel retailer wholesaler retailing direct_mail telemarketing focus_group \
         media_relations publicist publicity crisis_communication customer_loyalty market_share \
         penetration_pricing skimming adoption_process innovators early_adopters seo click-through \
         e-marketing distributor pricing selling non-durable durable website publics",
        "customer product consumer service price sales media audience campaign buyer seller promotion retail \
         market purchase communication luxury channel web email internet supplier convenience profitability \
         message target relations public issue analysis"),
    ("psychology",
        "psychology psychologist psychological psychotherapy psychoanalytic psychodynamic freud freudian jung \
         piaget erikson skinner bandura maslow vygotsky kohlberg rogers behaviorism behaviorist \
         classical_conditioning operant conditioned unconditioned reinforcement schedule_of_reinforcement \
         cognitive_dissonance attribution attachment_theory self-esteem self-efficacy superego ego \
         working_memory short-term_memory long-term_memory episodic retrieval_cue schema stereotype prejudice \
         conformity obedience bystander personality introvert extravert neuroticism mmpi wais rorschach \
         intelligence_test iq schizophrenia depression anxiety_disorder bipolar obsessive-compulsive phobia \
         ptsd dsm hallucination delusion antidepressant neurotransmitter dopamine serotonin amygdala \
         hippocampus counselor counseling therapist construct_validity test-retest reliability_coefficient \
         motivation perceptual gestalt rem_sleep circadian adolescence developmental_stage temperament \
         conditioning disorder dissociative pavlov pavlov's humanistic constancy lobe desensitization \
         schizophrenic eidetic conscientiousness predictive_validity unethically confidentiality salivate \
         aptitude perspective",
        "memory behavior behaviour emotion emotional cognitive learning perception stimulus response anxiety \
         child children therapy client mental social attitude sleep stress subject experiment brain \
         participant theory achievement behavioral classical biological systematic stimuli tendency research \
         professional ethically session validity intelligence skill job colleague occupational performance"),
    ("sexuality",
        "sexual sexually sexuality sex intercourse orgasm erectile masturbation homosexual homosexuality \
         heterosexual bisexual gay lesbian transgender contraception contraceptive condom birth_control \
         abortion menstrual menstruation ovulation puberty rape rapist pornography prostitution std gonorrhea \
         syphilis chlamydia vagina vaginal clitoris penis testosterone estrogen fetus miscarriage kinsey \
         masters_and_johnson romantic infatuation extramarital premarital fetish paraphilia erection \
         ejaculation aroused arousal genital",
        "partner women men female male gender couple marriage love desire relationship birth biological \
         typical"),
    ("ageing",
        "aging ageing older_adult older_people elderly old_age late_life nursing_home retirement retiree \
         life_expectancy longevity lifespan dementia alzheimer's alzheimer geriatric gerontology \
         gerontologist senior_citizen widow widowhood widower grandparent caregiver caregiving hospice \
         bereavement grief osteoporosis cataract menopause age_discrimination social_security medicare \
         medicaid centenarian oldest-old frail senescence grandchildren adults' oldest",
        "age older adult death dying later_life decline baby_boomer generation living_arrangement memory \
         family younger coping senior job parent memories frequently"),
    ("philosophy",
        "philosophy philosopher philosophical kant kantian hume aristotle plato socrates descartes cartesian \
         nietzsche hegel heidegger wittgenstein locke berkeley spinoza leibniz aquinas epicurus epicurean \
         stoic stoicism epistemology epistemic epistemological metaphysics metaphysical ontological dualism \
         empiricism rationalism skepticism skeptic utilitarian utilitarianism consequentialism \
         consequentialist deontology categorical_imperative hedonism eudaimonia virtue_ethics moral_theory \
         moral_realism moral_relativism relativism subjectivism emotivism existentialism free_will \
         determinism a_priori a_posteriori qualia bentham mill nagel rawls singer nozick korsgaard mackie \
         moore ross's prima_facie_duty euthyphro dworkin dworkin's hart positivist hobbes cicero nussbaum \
         augustine feinberg anscombe gauthier aesthetics universe epictetus kant's facie velleman carruthers \
         egoism retributivism aquinas's hume's aristotle's plato's",
        "argue according_to thesis virtue reason knowledge belief truth existence soul mind good pleasure \
         happiness essence justify moral claim view principle argument universal consequence consequences \
         nature categorical humanity command natural equality dignity duty distinction consists rationale \
         preferences expression"),
    ("ethics",
        "morally morality ethical unethical ethics euthanasia capital_punishment death_penalty animal_rights \
         moral_status affirmative_action world_hunger cloning drug_legalization moral_obligation moral_duty \
         moral_permissibility permissible impermissible surrogacy pro-life wrongness nonhuman sexist \
         enhancement cloned scnt",
        "moral wrong obligation duty right harm suffering consent punishment justice killing autonomy virtue \
         prima_facie standing beings exclude penalty justified speech letting"),
    ("logic",
        "modus_ponens modus_tollens affirming_the_consequent denying_the_antecedent syllogism fallacy \
         fallacies ad_hominem straw_man begging_the_question slippery_slope red_herring tautology truth_table \
         predicate_logic propositional_logic quantifier antecedent consequent conditional_proof disjunction \
         biconditional existential_generalization well-formed_formula entailment premise valid_argument \
         invalid sound_argument counterexample undistributed equivocation ad_populum post_hoc \
         appeal_to_authority predicate indirect_truth_table logically valuation entails contradictory \
         contradict symbolization symbolize arguer amphiboly generalization irrelevant dilemma straw \
         disjunctive formula_of",
        "logical argument conclusion consistent inconsistent valid statement implies proposition \
         contradiction ambiguity translation reads reasoning arguing conclude criteria"),
    ("religion",
        "religion religious jesus christ christian christianity church catholic protestant pope bible gospel \
         new_testament old_testament torah talmud judaism jewish rabbi synagogue islam islamic muslim quran \
         qur'an muhammad prophet mosque sunni shia hajj ramadan hindu hinduism brahman vedas upanishads \
         bhagavad_gita krishna vishnu shiva karma dharma nirvana buddha buddhism buddhist bodhisattva zen \
         sangha monk sikh sikhism guru_granth khalsa jain jainism ahimsa tao taoism daoism tao_te_ching \
         confucius confucian confucianism shinto kami zoroastrian sacrament baptism eucharist theology \
         theologian scripture covenant temple worship pilgrimage nanak jaina guru theravada orthodox sri \
         festival",
        "god faith prayer ritual sacred holy divine priest tradition belief ceremony salvation sect deity \
         pure associated greek teaching saint"),
    ("history",
        "century empire emperor dynasty monarch monarchy king queen revolution revolutionary colony colonial \
         colonist colonialism imperialism civil_war world_war napoleon napoleonic bourgeoisie proletariat \
         feudal feudalism medieval renaissance reformation enlightenment_thinker ottoman habsburg bismarck \
         tsar czar soviet bolshevik lenin stalin hitler nazi fascism versailles congress_of_vienna abolition \
         abolitionist slavery slave enslaved plantation confederacy reconstruction_era jim_crow new_deal \
         great_depression cold_war progressive_era populist suffrage jacksonian puritan louisiana_purchase \
         manifest_destiny industrial_revolution mughal qing ming_dynasty meiji samurai silk_road mongol \
         crusade caliphate british_empire declaration_of_independence federalist roosevelt wilson lincoln \
         jefferson churchill mercantilism socialism socialist explorer memoirs excerpt theodore_roosevelt \
         fathers act_of_parliament imperialist",
        "historical history historian war army soldier nation peasant nobility aristocracy trade rule ruler \
         conquest rebellion uprising passage author document independence reform british french german \
         russian chinese roman spanish england europe european liberty imperial tribute union north republic \
         republican"),
    ("archaeology",
        "archaeology archaeological archaeologist prehistoric prehistory neanderthal homo_erectus \
         homo_sapiens homo_habilis australopithecus hominid hominin paleolithic neolithic mesolithic \
         upper_paleolithic pleistocene holocene stone_tool bronze_age iron_age mesopotamia sumerian sumer \
         uruk mesoamerica mesoamerican maya mayan aztec inca olmec teotihuacan hohokam anasazi \
         mississippian_culture clovis cahokia moundville minoan knossos mycenaean harappan indus_valley \
         pharaoh pyramid giza cuneiform domestication domesticated hunter-gatherer foragers radiocarbon \
         stratigraphy artifact excavation acheulean oldowan mousterian chavin moche nubia great_zimbabwe homo \
         erectus sapiens neandertal neandertals habilis maize monumental teotihuacán ecofact beringia \
         irrigation jade",
        "ancient culture site fossil burial tomb bone agriculture civilization evidence ancestors societies \
         remains tool bipedal years_ago valley indus stone complex ago earliest evolved extinct squash buried \
         elaborate"),
    ("politics",
        "congress senate senator house_of_representatives vice_president presidential electoral_college \
         political_party republican_party democratic_party republicans democrats election voter voting \
         primary_election campaign_finance lobbyist interest_group filibuster veto impeachment \
         judicial_review federalism states'_rights bill_of_rights bureaucratic cabinet incumbents \
         gerrymandering gerrymander political_action_committee pac separation_of_powers checks_and_balances \
         executive_branch legislative_branch executive_order citizenship public_opinion_poll delegates \
         swing_voter prime_minister coalition_government referendum congressional districts electoral \
         amendment executive constituents turnout incumbent certiorari confederation",
        "political politics government policy vote party federal state president bill law citizen democracy \
         democratic republican liberal conservative candidate reform legislation committee representatives \
         house supreme president's district branch elected majority petition primary civil national \
         legislative states"),
    ("geopolitics",
        "foreign_policy national_security security_studies international_relations superpower hegemony \
         hegemonic deterrence containment nuclear_weapon nuclear_proliferation non-proliferation arms_control \
         arms_trade weapons_of_mass terrorism terrorist al-qaeda counterterrorism insurgency nato warsaw_pact \
         united_nations security_council peacekeeping securitization securitisation copenhagen_school realism \
         realist neorealism constructivism constructivist liberal_internationalism balance_of_power \
         unilateral multilateral diplomacy diplomatic geopolitical bush_doctrine bush_administration \
         reagan_doctrine truman_doctrine nixon kissinger détente isolationism exceptionalism intervention \
         human_security genocide failed_state militarization coercive foreign referent securitizing \
         intergovernmental non-intervention insecurity protectionism paradigm",
        "security military threat state iraq afghanistan vietnam iran russia china soviet_union american \
         power alliance conflict global peace war treaty actor sovereignty international weapons cold warfare \
         cooperation regime scholars contemporary defense council traditional interests policies society \
         human illicit transnational"),
    ("geography",
        "geography geographer urbanization urban_sprawl suburb suburbanization megacity population_density \
         demographic_transition birth_rate fertility_rate migration immigrant emigration refugee pastoral \
         subsistence_farming shifting_cultivation crop agricultural_revolution green_revolution von_thunen \
         central_place cultural_landscape cultural_diffusion lingua_franca creole dialect nation-state \
         supranational centrifugal centripetal_force devolution latitude longitude map_projection monsoon \
         desert rainforest plateau peninsula continent less_developed more_developed core-periphery \
         world-systems gentrification census capital_city rostow ravenstein thünen zone concentric \
         transnational transportation mediterranean brazil",
        "country countries region city population river mountain ocean island border territory land climate \
         world africa asia europe latin_america rural urban developing language agriculture farming central \
         jobs sector ethnic map customs outward housing fourth core residential economic regional"),
    ("demography",
        "pew_research gallup world_bank share_of_people percentage_of_people percent_of_people \
         percentage_of_the_population proportion_of_the_population global_population literacy_rate \
         mortality_rate child_mortality gdp_per_capita homicide_rate poverty_line surveyed respondents \
         worldwide",
        "percentage percent world countries people population average survey rate life satisfaction poverty \
         united_states"),
    ("sociology",
        "sociology sociologist sociological durkheim weber marx marxist marxism parsons goffman bourdieu \
         foucault functionalist functionalism symbolic_interactionism ethnomethodology postmodern \
         postmodernism social_class working_class middle_class underclass social_mobility \
         social_stratification stratification secularization anomie patriarchy patriarchal feminism feminist \
         ethnicity ethnic_minority institutional_racism deviance deviant labelling globalization \
         consumer_society nuclear_family kinship social_capital hidden_curriculum meritocracy \
         qualitative_research ethnography ethnographic participant_observation social_movement identities \
         nineteenth_century leisure",
        "society social class family gender culture cultural identity inequality community institution \
         religion education race racism norm welfare poverty modern capitalism traditional roles ethnic \
         extended working movement cities argued labour industrial employment theories towards production \
         images"),
    ("entertainment",
        "movie film actor actress tv television sitcom episode series_finale broadway musical band album \
         singer guitarist song oscar grammy emmy hollywood cartoon disney pixar star_wars star_trek beatles \
         rock_band rapper opera composer symphony comic superhero batman superman video_game nintendo \
         board_game celebrity talk_show soap_opera comedian magazine",
        "character show star music played famous name hit theme play cast dance title"),
    ("sport",
        "sport football soccer baseball basketball tennis golf hockey rugby cricket boxing olympic olympics \
         wimbledon world_cup super_bowl nba nfl mlb quarterback pitcher touchdown goalkeeper marathon \
         sprinter athlete swimmer gymnast championship medal tournament race_car nascar billiards bowling \
         skiing wrestling referee",
        "team player game coach score win won race league match"),
    ("literature",
        "novel novelist poet poem poetry shakespeare hamlet macbeth dickens austen tolstoy hemingway \
         playwright sonnet protagonist narrator fairy_tale nursery_rhyme mythology greek_god zeus painter \
         painting sculpture sculptor picasso van_gogh monet da_vinci michelangelo museum impressionism cubism \
         baroque architect pulitzer fable metaphor simile literary",
        "book wrote writer story written art artist literature character famous"),
    ("language",
        "grammar grammatical adjective adverb noun verb pronoun preposition plural_form synonym antonym idiom \
         proverb spelling spelled punctuation syntax etymology latin_word french_word spanish_word \
         german_word greek_word abbreviation acronym prefix suffix palindrome anagram translate adjectives \
         paraphrase pronunciation",
        "word phrase meaning means term letter sentence language english latin called refers"),
    ("cooking",
        "recipe cook cooking baked baking bake oven ingredient sauce cheese wine beer cocktail vodka rum soup \
         pasta pizza bread cake dessert chocolate spice herb chef restaurant cuisine dish fried roast grill \
         simmer whisk teaspoon tablespoon flour",
        "food meat chicken beef pork fish vegetable fruit salad cup made kitchen drink"),
    ("education",
        "teacher classroom curriculum lesson_plan pupil kindergarten elementary_school high_school \
         student_learning assessment_of_learning rubric homework pedagogy pedagogical tutor university_course \
         syllabus grading report_card",
        "student school education learning college university class grade exam teach"),
];
