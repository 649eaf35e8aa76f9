//! The vocabulary of fields of knowledge: words that tell what a prompt is about. English, lower case, singular
//! (a plural in -s or -es is found too), `_` for a blank. Add a word, not a rule.

/// (field, words that are hardly used in another field, words that are used there more than elsewhere).
pub(super) const FIELDS: &[(&str, &str, &str)] = &[
    (
        "law",
        "plaintiff defendant statute statutory tort negligence negligent felony misdemeanor larceny burglary robbery arson \
         homicide manslaughter easement mortgagee mortgagor grantee grantor lessee lessor fee_simple devisee testator codicil \
         hearsay admissible inadmissible prosecutor indictment indicted acquitted plea_bargain sued lawsuit litigation litigant \
         attorney appellate injunction specific_performance breach_of_contract promissory offeree offeror \
         supreme_court district_court trial_court due_process equal_protection first_amendment fourth_amendment jurisdiction \
         common_law case_law criminal_law contract_law property_law libel slander strict_liability vicarious \
         malice_aforethought subpoena deposition affidavit cross-examination counterclaim restitution foreclosure quitclaim \
         warranty_deed tenancy probate trespass bailment jurisprudence legal_positivism natural_law judge's jury prevail conviction",
        "court judge law legal illegal lawyer crime criminal guilty liable liability contract evidence testimony testify witness \
         trial arrest arrested police deed landlord tenant damages claim sentence constitution constitutional unconstitutional \
         ordinance legislature motion appeal convicted charged offense ownership land owner conveyed agreement will estate",
    ),
    (
        "international-law",
        "international_law treaty_law customary_international opinio_juris jus_cogens state_responsibility geneva_convention \
         vienna_convention icj international_court icc extradition law_of_the_sea continental_shelf exclusive_economic_zone \
         echr human_rights_treaty refugee_convention non-refoulement erga_omnes un_charter right_of_self-defence sovereign_immunity",
        "treaty convention human_rights sovereignty tribunal state_practice territorial jurisdiction reservation united_nations",
    ),
    (
        "medicine",
        "patient physician diagnosis diagnosed prognosis symptom prescribed mg/dl mmhg hypertension hypertensive tachycardia \
         bradycardia fever dyspnea edema biopsy auscultation palpation murmur serum leukocyte hemoglobin hematocrit creatinine \
         x-ray ct_scan mri antibiotic chemotherapy carcinoma tumor metastatic benign malignant lesion inflammation anemia \
         pneumonia asthma copd diabetes diabetic insulin_therapy myocardial infarction thrombosis embolism seizure \
         epilepsy renal_failure hepatic cirrhosis pancreatitis appendicitis ulcer \
         emergency_department vital_signs blood_pressure physical_examination year-old_woman year-old_man year-old_boy year-old_girl \
         rash nausea vomiting analgesic anesthesia surgery surgical catheter cannula intravenous dosage contraindicated therapy \
         clinician nurse nursing hospital syndrome intubation pulse_oximetry ecg electrocardiogram tonsillectomy wound suture",
        "disease treatment treated drug medication medical clinical pain chronic acute blood doctor infection health complain \
         examination history_of shows laboratory test dose oral week month normal elevated pregnancy pregnant",
    ),
    (
        "anatomy",
        "nerve artery vein muscle ligament tendon bone vertebra vertebrae cranial spinal femur tibia fibula humerus ulna \
         scapula clavicle pelvis pelvic sternum mandible maxilla hyoid pharynx larynx trachea esophagus diaphragm thorax thoracic \
         lumbar cervical sacral ganglion ganglia vagus trigeminal facial_nerve hypoglossal foramen cochlea retina cornea \
         sclera pituitary thyroid adrenal_gland parotid salivary ventricle atrium aorta coronary mitral cerebellum hypothalamus \
         thalamus medulla dura_mater meninges embryonic pharyngeal_arch epithelium dermis epidermis palate incisor molar_tooth \
         dentine enamel gingiva lymph_node spleen bladder urethra uterus ovary testis prostate bronchi alveoli duodenum jejunum ileum",
        "lateral medial anterior posterior superior inferior proximal distal gland tissue organ tongue eye ear lung kidney \
         liver heart skull skin tooth teeth neck shoulder elbow wrist knee joint reflex autonomic",
    ),
    (
        "biology",
        "cell_membrane mitochondria mitochondrial mitochondrion chloroplast photosynthesis ribosome eukaryote \
         eukaryotic prokaryote prokaryotic bacterium bacteria fungi fungus protist phylum taxonomy taxonomic species genus allele \
         genotype phenotype heterozygous homozygous dominant_allele recessive chromosome chromosomal meiosis mitosis gamete zygote \
         diploid haploid dna rna mrna trna transcription translation_of_mrna codon exon intron promoter polymerase pcr plasmid \
         restriction_enzyme mutation mutant gene genetic genome natural_selection evolution evolutionary darwin adaptation fitness_of \
         hardy-weinberg speciation ecosystem biome food_chain trophic predator prey herbivore carnivore symbiosis mutualism parasite \
         population_genetics enzyme substrate atp glycolysis krebs_cycle electron_transport_chain osmosis diffusion xylem phloem stomata \
         angiosperm gymnosperm pollen seed vertebrate invertebrate arthropod amphibian reptile mammal embryo blastula gastrulation \
         hormone auxin neuron action_potential antibody antigen lymphocyte cytoplasm endoplasmic golgi lysosome vacuole cytoskeleton \
         microtubule actin inheritance inherited linkage karyotype trisomy autosomal x-linked amino_acid polypeptide protein",
        "cell organism plant animal membrane population offspring trait reproduction ecology environment insect bird fish tree \
         leaf root growth metabolism molecule nucleus receptor",
    ),
    (
        "virology",
        "virus viral virology virion capsid hiv aids influenza hepatitis herpes herpesvirus papillomavirus hpv ebola smallpox polio \
         poliovirus measles rabies coronavirus sars mers retrovirus adenovirus rotavirus norovirus zika dengue vaccine vaccination \
         vaccinated antiviral epidemic pandemic outbreak epidemiology epidemiological epidemiologist incubation_period rt-pcr",
        "infection infected transmission immune immunity host replication strain pathogen prevalence incidence cohort sti",
    ),
    (
        "nutrition",
        "nutrition nutrient dietary diet vitamin calorie calories kcal carbohydrate saturated_fat unsaturated fatty_acid cholesterol \
         obesity obese bmi body_mass_index folate niacin thiamin riboflavin zinc selenium iodine fibre_intake dietary_fiber omega-3 \
         lactose gluten glycaemic glycemic malnutrition undernutrition breastfeeding breast_milk infant_formula macronutrient \
         micronutrient antioxidant supplement energy_intake energy_expenditure bioavailability satiety appetite",
        "food eat eating meal consumption intake weight fruit vegetable meat milk sugar salt sodium iron calcium fat protein fasting",
    ),
    (
        "chemistry",
        "mole molar molarity molality stoichiometry reactant reagent catalyst oxidation reduction redox oxidizing reducing_agent \
         anode cathode electrolysis electrolyte titration buffer_solution acidic ph_of pka ka kb ksp enthalpy entropy_change gibbs \
         exothermic endothermic equilibrium_constant le_chatelier covalent ionic_bond hydrogen_bond van_der_waals electronegativity \
         ionization_energy valence orbital hybridization isotope isomer enantiomer chiral stereo alkane alkene alkyne aromatic benzene \
         ketone aldehyde ester carboxylic alcohol_group amine nucleophile electrophile sn1 sn2 polymerization precipitate solubility \
         solute solvent aqueous periodic_table noble_gas halogen alkali transition_metal ligand spectroscopy nmr infrared_spectrum \
         mass_spectrometry chromatography distillation hcl naoh h2so4 nacl h2o co2 nh3 agno3 atomic_number rate_law half-reaction avogadro",
        "chemical reaction compound element atom ion bond electron acid base solution concentration gas pressure ph oxide \
         sodium chlorine oxygen hydrogen nitrogen carbon liter gram mixture metal",
    ),
    (
        "physics",
        "velocity acceleration momentum torque angular kinetic_energy potential_energy inertia friction projectile newton's newton \
         joule pascal hertz wavelength amplitude diffraction refraction refractive interference_pattern photon photoelectric \
         electromagnetic magnetic_field electric_field capacitor_plates coulomb gauss faraday maxwell lens mirror focal_length \
         thermodynamic adiabatic isothermal carnot heat_engine specific_heat quantum wavefunction schrodinger hamiltonian \
         eigenstate spin-1/2 boson fermion quark neutrino relativity relativistic lorentz speed_of_light time_dilation nuclear_fission \
         nuclear_fusion half-life radioactive alpha_particle beta_decay pendulum oscillator harmonic buoyant buoyancy fluid_flow \
         frictionless centripetal gravitational free_fall m/s kg ideal_gas blackbody laser semiconductors hydrogen_atom proton neutron",
        "force mass energy speed motion gravity charge charged current voltage wave light sound heat temperature particle field \
         vacuum work power electron atom spring pulley collision object ball rocket pressure water frequency",
    ),
    (
        "astronomy",
        "planet star galaxy galaxies telescope asteroid comet meteor meteorite moon solar_system jupiter saturn mars venus \
         neptune uranus pluto supernova black_hole nebula parsec light-year astronomical astronomer orbit orbiting orbital_period eclipse \
         kepler redshift hubble milky_way big_bang cosmic_background dwarf sunspot photosphere lunar crater terrestrial_planet \
         jovian constellation parallax apparent_magnitude main_sequence red_giant white_dwarf neutron_star pulsar exoplanet kuiper oort",
        "sun earth sky solar surface atmosphere brightness distance celestial spectrum",
    ),
    (
        "electronics",
        "circuit resistor capacitor inductor inductance impedance transistor diode amplifier op-amp voltage_regulator rectifier thyristor \
         transformer_winding armature rotor stator winding synchronous_generator alternator dc_motor induction_motor ohm ohm's kirchhoff \
         flip-flop nand nor_gate xor multiplexer decoder karnaugh logic_gate oscilloscope ammeter voltmeter semiconductor mosfet bjt \
         microcontroller fpga modulation demodulation transmission_line bode transfer_function nyquist zener dielectric henry farad",
        "voltage current frequency signal power resistance coil wire conductor phase load generator motor gain",
    ),
    (
        "algebra",
        "abelian subgroup coset homomorphism isomorphism isomorphic automorphism cyclic_group symmetric_group normal_subgroup factor_group \
         quotient_group ring_homomorphism integral_domain commutative_ring maximal_ideal prime_ideal finite_field field_extension \
         galois vector_space linear_transformation eigenvalue eigenvector determinant nullity linearly_independent \
         topological topology hausdorff homeomorphic compact_set metric_space open_set closed_set continuous_function differentiable \
         uniformly_converge lebesgue riemann analytic_function holomorphic contour_integral bijective surjective injective permutation \
         group_of_order differential_equation partial_derivative line_integral taylor_series power_series",
        "group ring field polynomial matrix order theorem element finite infinite subset mapping real-valued invertible \
         vector integral derivative convergent sequence characteristic",
    ),
    (
        "mathematics",
        "triangle rectangle circle radius circumference perimeter hypotenuse parallelogram polygon hexagon pentagon trapezoid vertices \
         quadratic parabola hyperbola asymptote slope y-intercept x-intercept logarithm log_ sine cosine tangent_line sin cos tan_ \
         integer positive_integer odd even_number prime_number prime_factor greatest_common least_common divisor divisible remainder \
         fraction numerator denominator decimal square_root cube_root exponent factorial arithmetic_sequence \
         geometric_sequence units_digit coordinate_plane equation inequality evaluate simplify solve_for expression \
         frac sqrt cdot mathbf overline binom pi",
        "number sum product area volume length width side angle degree digit value function graph line point solve compute calculate \
         find square cube table round estimate equal x y n",
    ),
    (
        "statistics",
        "standard_deviation variance regression confidence_interval null_hypothesis p-value t-test chi-square chi-squared anova \
         normal_distribution binomial_distribution poisson random_variable random_sample sample_size sampling_distribution z-score \
         correlation_coefficient scatterplot least_squares residuals median quartile interquartile histogram boxplot outlier \
         significance_level type_i_error type_ii_error independent_events conditional_probability expected_value ols estimator \
         heteroscedasticity autocorrelation autoregressive arma arima garch stationary_process multicollinearity cointegration dummy_variable \
         time_series econometric durbin-watson white_noise var_model logit probit panel_data lag_length error_term explanatory",
        "probability sample mean distribution survey random data randomly population proportion experiment estimate correlation \
         significant independent hypothesis test variable model bias",
    ),
    (
        "economics",
        "gdp inflation unemployment monetary_policy fiscal_policy federal_reserve central_bank interest_rate aggregate_demand \
         aggregate_supply money_supply supply_curve demand_curve elasticity elastic inelastic marginal_cost marginal_revenue \
         marginal_utility marginal_product monopoly monopolist oligopoly monopolistic perfectly_competitive perfect_competition \
         price_ceiling price_floor deadweight consumer_surplus producer_surplus opportunity_cost comparative_advantage tariff \
         keynesian monetarist phillips_curve crowding_out multiplier_effect marginal_propensity disposable_income real_wage recession \
         trade_deficit exchange_rate balance_of_payments externality public_good free_rider normal_good inferior_good substitutes \
         economies_of_scale diminishing_returns profit-maximizing lorenz_curve gini reserve_requirement open_market nominal",
        "economy economic market price demand supply consumer producer firm wage tax output labor goods income spending industry \
         quantity equilibrium subsidy government currency dollar export import short_run long_run investment",
    ),
    (
        "accounting",
        "accounting accountant audit auditor balance_sheet income_statement cash_flow gaap ifrs fasb accrual depreciation amortization \
         goodwill deferred_tax accounts_receivable accounts_payable retained_earnings inventory_turnover ledger journal_entry debit \
         credit_sale fiscal_year financial_statement stockholder shareholder's_equity dividend preferred_stock common_stock bond_issue \
         present_value net_present internal_rate_of_return working_capital fair_value cost_of_goods fifo lifo taxable_income irs gross_income \
         tax_return deduction deductible adjusted_basis internal_control materiality cpa overhead_rate direct_materials variance_analysis \
         par_value annuity capital_gain bookkeeping write-off lease_obligation coupon_rate yield_to_maturity",
        "asset liability revenue expense net_income cost company corporation year_end co inc share stock loan interest budget profit \
         loss payment capital investment partner partnership reporting entity december_31 january_1 invoice",
    ),
    (
        "business",
        "stakeholder corporate_social csr corporate_governance entrepreneur entrepreneurship human_resource organizational organisational \
         organization_chart management_style manager employee_motivation leadership_style supply_chain outsourcing total_quality \
         strategic_management swot porter mintzberg taylorism weber's bureaucracy matrix_structure span_of_control delegation team_building \
         merger acquisition joint_venture whistleblowing ethical_consumerism business_ethics triple_bottom sustainability_report startup",
        "business company organization organisation employee management strategy leadership worker firm corporate team planning ceo \
         customer decision-making competitive industry operations project",
    ),
    (
        "marketing",
        "marketing marketer advertising advertisement brand branding brand_equity public_relations press_release market_segmentation segmentation \
         target_market consumer_behavior consumer_behaviour buyer_behaviour promotion_mix marketing_mix sales_promotion \
         personal_selling product_life_cycle distribution_channel retailer wholesaler retailing direct_mail telemarketing focus_group \
         media_relations publicist publicity crisis_communication customer_loyalty market_share penetration_pricing \
         skimming adoption_process innovators early_adopters seo click-through",
        "customer product consumer service price sales media audience campaign buyer seller promotion retail market purchase communication",
    ),
    (
        "psychology",
        "psychology psychologist psychological psychotherapy psychoanalytic psychodynamic freud freudian jung piaget erikson skinner bandura \
         maslow vygotsky kohlberg rogers behaviorism behaviorist classical_conditioning operant conditioned unconditioned reinforcement \
         schedule_of_reinforcement cognitive_dissonance attribution attachment_theory self-esteem self-efficacy superego ego \
         working_memory short-term_memory long-term_memory episodic retrieval_cue schema stereotype prejudice conformity obedience \
         bystander personality introvert extravert neuroticism mmpi wais rorschach intelligence_test iq schizophrenia depression anxiety_disorder \
         bipolar obsessive-compulsive phobia ptsd dsm hallucination delusion antidepressant neurotransmitter dopamine serotonin amygdala \
         hippocampus counselor counseling therapist construct_validity test-retest reliability_coefficient \
         motivation perceptual gestalt rem_sleep circadian adolescence developmental_stage temperament",
        "memory behavior behaviour emotion emotional cognitive learning perception stimulus response anxiety child children therapy \
         client mental social attitude sleep stress subject experiment brain participant theory",
    ),
    (
        "sexuality",
        "sexual sexually sexuality sex intercourse orgasm erectile masturbation homosexual homosexuality heterosexual bisexual gay \
         lesbian transgender contraception contraceptive condom birth_control abortion menstrual menstruation ovulation puberty rape rapist \
         pornography prostitution std gonorrhea syphilis chlamydia vagina vaginal clitoris penis testosterone estrogen fetus miscarriage \
         kinsey masters_and_johnson romantic infatuation extramarital premarital fetish paraphilia",
        "partner women men female male gender couple marriage love desire relationship",
    ),
    (
        "ageing",
        "aging ageing older_adult older_people elderly old_age late_life nursing_home retirement retiree life_expectancy longevity lifespan \
         dementia alzheimer's alzheimer geriatric gerontology gerontologist senior_citizen widow widowhood widower grandparent \
         caregiver caregiving hospice bereavement grief osteoporosis cataract menopause age_discrimination social_security medicare medicaid \
         centenarian oldest-old frail",
        "age older adult death dying later_life decline baby_boomer generation living_arrangement memory family",
    ),
    (
        "philosophy",
        "philosophy philosopher philosophical kant kantian hume aristotle plato socrates descartes cartesian nietzsche hegel heidegger \
         wittgenstein locke berkeley spinoza leibniz aquinas epicurus epicurean stoic stoicism epistemology epistemic epistemological \
         metaphysics metaphysical ontological dualism empiricism rationalism skepticism skeptic utilitarian utilitarianism \
         consequentialism consequentialist deontology categorical_imperative hedonism eudaimonia virtue_ethics moral_theory moral_realism \
         moral_relativism relativism subjectivism emotivism existentialism free_will determinism a_priori a_posteriori qualia bentham mill \
         nagel rawls singer nozick korsgaard mackie moore ross's prima_facie_duty euthyphro",
        "argue according_to thesis virtue reason knowledge belief truth existence soul mind good pleasure happiness essence \
         justify moral claim view principle argument",
    ),
    (
        "ethics",
        "morally morality ethical unethical ethics euthanasia capital_punishment death_penalty animal_rights moral_status \
         affirmative_action world_hunger cloning drug_legalization moral_obligation moral_duty moral_permissibility permissible impermissible \
         surrogacy pro-life wrongness",
        "moral wrong obligation duty right harm suffering consent punishment justice killing autonomy virtue",
    ),
    (
        "logic",
        "modus_ponens modus_tollens affirming_the_consequent denying_the_antecedent syllogism fallacy fallacies ad_hominem straw_man \
         begging_the_question slippery_slope red_herring tautology truth_table predicate_logic propositional_logic quantifier antecedent \
         consequent conditional_proof disjunction biconditional existential_generalization well-formed_formula entailment \
         premise valid_argument invalid sound_argument counterexample undistributed equivocation ad_populum post_hoc appeal_to_authority \
        ",
        "logical argument conclusion consistent inconsistent valid statement implies proposition contradiction ambiguity",
    ),
    (
        "religion",
        "religion religious jesus christ christian christianity church catholic protestant pope bible gospel new_testament old_testament torah \
         talmud judaism jewish rabbi synagogue islam islamic muslim quran qur'an muhammad prophet mosque sunni shia hajj ramadan hindu \
         hinduism brahman vedas upanishads bhagavad_gita krishna vishnu shiva karma dharma nirvana buddha buddhism buddhist bodhisattva zen \
         sangha monk sikh sikhism guru_granth khalsa jain jainism ahimsa tao taoism daoism tao_te_ching confucius confucian confucianism \
         shinto kami zoroastrian sacrament baptism eucharist theology theologian scripture covenant temple worship pilgrimage",
        "god faith prayer ritual sacred holy divine priest tradition belief ceremony salvation sect deity",
    ),
    (
        "history",
        "century empire emperor dynasty monarch monarchy king queen revolution revolutionary colony colonial colonist colonialism imperialism \
         civil_war world_war napoleon napoleonic bourgeoisie proletariat feudal feudalism medieval renaissance reformation enlightenment_thinker \
         ottoman habsburg bismarck tsar czar soviet bolshevik lenin stalin hitler nazi fascism versailles congress_of_vienna \
         abolition abolitionist slavery slave enslaved plantation confederacy \
         reconstruction_era jim_crow new_deal great_depression cold_war progressive_era populist suffrage jacksonian puritan louisiana_purchase \
         manifest_destiny industrial_revolution mughal qing ming_dynasty meiji samurai silk_road mongol crusade caliphate \
         british_empire declaration_of_independence federalist roosevelt wilson lincoln jefferson churchill mercantilism",
        "historical history historian war army soldier nation peasant nobility aristocracy trade rule ruler conquest rebellion uprising \
         passage author document independence reform british french german russian chinese roman spanish england europe european",
    ),
    (
        "archaeology",
        "archaeology archaeological archaeologist prehistoric prehistory neanderthal homo_erectus homo_sapiens homo_habilis australopithecus \
         hominid hominin paleolithic neolithic mesolithic upper_paleolithic pleistocene holocene stone_tool bronze_age iron_age mesopotamia \
         sumerian sumer uruk mesoamerica mesoamerican maya mayan aztec inca olmec teotihuacan hohokam anasazi mississippian_culture clovis \
         cahokia moundville minoan knossos mycenaean harappan indus_valley pharaoh pyramid giza cuneiform domestication domesticated \
         hunter-gatherer foragers radiocarbon stratigraphy artifact excavation acheulean oldowan mousterian chavin moche nubia great_zimbabwe",
        "ancient culture site fossil burial tomb bone agriculture civilization evidence ancestors societies remains tool bipedal years_ago",
    ),
    (
        "politics",
        "congress senate senator house_of_representatives vice_president presidential electoral_college political_party \
         republican_party democratic_party republicans democrats election voter voting primary_election campaign_finance lobbyist interest_group \
         filibuster veto impeachment judicial_review federalism states'_rights bill_of_rights bureaucratic cabinet incumbents gerrymandering \
         gerrymander political_action_committee pac separation_of_powers checks_and_balances executive_branch legislative_branch \
         executive_order citizenship public_opinion_poll delegates swing_voter prime_minister coalition_government referendum",
        "political politics government policy vote party federal state president bill law citizen democracy democratic republican liberal \
         conservative candidate reform legislation committee",
    ),
    (
        "geopolitics",
        "foreign_policy national_security security_studies international_relations superpower hegemony hegemonic deterrence containment \
         nuclear_weapon nuclear_proliferation non-proliferation arms_control arms_trade weapons_of_mass terrorism terrorist al-qaeda \
         counterterrorism insurgency nato warsaw_pact united_nations security_council peacekeeping securitization securitisation copenhagen_school \
         realism realist neorealism constructivism constructivist liberal_internationalism balance_of_power unilateral multilateral \
         diplomacy diplomatic geopolitical bush_doctrine bush_administration reagan_doctrine truman_doctrine nixon kissinger détente \
         isolationism exceptionalism intervention human_security genocide failed_state militarization coercive",
        "security military threat state iraq afghanistan vietnam iran russia china soviet_union american power alliance conflict global \
         peace war treaty actor sovereignty international",
    ),
    (
        "geography",
        "geography geographer urbanization urban_sprawl suburb suburbanization megacity population_density demographic_transition birth_rate \
         fertility_rate migration immigrant emigration refugee pastoral subsistence_farming shifting_cultivation crop agricultural_revolution \
         green_revolution von_thunen central_place cultural_landscape cultural_diffusion lingua_franca creole dialect nation-state \
         supranational centrifugal centripetal_force devolution latitude longitude map_projection monsoon desert rainforest plateau \
         peninsula continent less_developed more_developed core-periphery world-systems gentrification census capital_city",
        "country countries region city population river mountain ocean island border territory land climate world africa asia europe \
         latin_america rural urban developing language agriculture farming",
    ),
    (
        "demography",
        "pew_research gallup world_bank share_of_people percentage_of_people percent_of_people percentage_of_the_population \
         proportion_of_the_population global_population literacy_rate mortality_rate child_mortality gdp_per_capita homicide_rate poverty_line \
         surveyed respondents worldwide ",
        "percentage percent world countries people population average survey rate life satisfaction poverty united_states",
    ),
    (
        "sociology",
        "sociology sociologist sociological durkheim weber marx marxist marxism parsons goffman bourdieu foucault functionalist functionalism \
         symbolic_interactionism ethnomethodology postmodern postmodernism social_class working_class middle_class underclass social_mobility \
         social_stratification stratification secularization anomie patriarchy patriarchal feminism feminist ethnicity ethnic_minority \
         institutional_racism deviance deviant labelling globalization consumer_society nuclear_family kinship social_capital \
         hidden_curriculum meritocracy qualitative_research ethnography ethnographic participant_observation social_movement",
        "society social class family gender culture cultural identity inequality community institution religion education race \
         racism norm welfare poverty modern capitalism",
    ),
    (
        "computing",
        "algorithm data_structure array linked_list binary_tree binary_search hash_table stack_overflow heap_sort quicksort merge_sort sorting \
         recursion recursive boolean_expression for_loop while_loop pseudocode compiler operating_system deadlock \
         semaphore mutex virtual_memory page_fault page_table cache_miss cache_hit cpu processor ram instruction_set risc \
         context-free regular_language finite_automaton turing np-complete np-hard decidable undecidable polynomial_time big-o \
         tcp udp ip_address packet router ethernet http dns bandwidth relational_database sql primary_key normalization ascii hexadecimal \
         binary_number two's_complement floating-point byte bits object-oriented subclass polymorphism \
         java lisp prolog internet_protocol cloud_computing lossless_compression",
        "computer program code software programming procedure data input output memory loop string list function network file node \
         edge graph tree bit instruction execution machine print return",
    ),
    (
        "ml",
        "machine_learning deep_learning neural_network neural_net backpropagation gradient_descent stochastic_gradient perceptron svm \
         support_vector kernel_function decision_tree random_forest adaboost boosting bagging ensemble_method k-means k-nn knn nearest_neighbor \
         naive_bayes bayesian_network mixture_of_gaussian em_algorithm overfit overfitting underfit regularization regularized l1_penalty \
         ridge_regression lasso logistic_regression linear_classifier training_error training_set training_data test_error cross-validation \
         bias-variance dropout relu sigmoid softmax attention_layer transformer_model bert gpt llm fine-tune fine-tuning embedding \
         resnet densenet convolutional imagenet cnn rnn lstm dataset hyperparameter epoch reinforcement_learning q-learning vc_dimension \
         generative_model discriminative pca principal_component clustering cnns rnns vqa pytorch tensorflow scikit-learn",
        "classifier classification training model feature data learning prediction parameter loss layer regression gradient kernel inference",
    ),
    (
        "entertainment",
        "movie film actor actress tv television sitcom episode series_finale broadway musical band album singer guitarist \
         song oscar grammy emmy hollywood cartoon disney pixar star_wars star_trek beatles rock_band rapper opera composer symphony \
         comic superhero batman superman video_game nintendo board_game celebrity talk_show soap_opera comedian magazine",
        "character show star music played famous name hit theme play cast dance title",
    ),
    (
        "sport",
        "sport football soccer baseball basketball tennis golf hockey rugby cricket boxing olympic olympics wimbledon world_cup super_bowl nba \
         nfl mlb quarterback pitcher touchdown goalkeeper marathon sprinter athlete swimmer gymnast championship medal tournament race_car \
         nascar billiards bowling skiing wrestling referee",
        "team player game coach score win won race league match",
    ),
    (
        "literature",
        "novel novelist poet poem poetry shakespeare hamlet macbeth dickens austen tolstoy hemingway playwright sonnet protagonist narrator \
         fairy_tale nursery_rhyme mythology greek_god zeus painter painting sculpture sculptor picasso van_gogh monet da_vinci michelangelo \
         museum impressionism cubism baroque architect pulitzer fable metaphor simile literary",
        "book wrote writer story written art artist literature character famous",
    ),
    (
        "language",
        "grammar grammatical adjective adverb noun verb pronoun preposition plural_form synonym antonym idiom proverb spelling spelled \
         punctuation syntax etymology latin_word french_word spanish_word german_word greek_word abbreviation acronym prefix suffix \
         palindrome anagram translate adjectives paraphrase pronunciation",
        "word phrase meaning means term letter sentence language english latin called refers",
    ),
    (
        "cooking",
        "recipe cook cooking baked baking bake oven ingredient sauce cheese wine beer cocktail vodka rum soup pasta pizza bread cake dessert \
         chocolate spice herb chef restaurant cuisine dish fried roast grill simmer whisk teaspoon tablespoon flour",
        "food meat chicken beef pork fish vegetable fruit salad cup made kitchen drink",
    ),
    (
        "education",
        "teacher classroom curriculum lesson_plan pupil kindergarten elementary_school high_school student_learning assessment_of_learning \
         rubric homework pedagogy pedagogical tutor university_course syllabus grading report_card",
        "student school education learning college university class grade exam teach",
    ),
    (
        "everyday-science",
        "magnet thermometer sunlight soil erosion weathering sedimentary igneous metamorphic volcano earthquake tectonic glacier evaporation \
         condensation precipitation water_cycle renewable_resource nonrenewable fossil_fuel photosynthesis hibernate camouflage food_web \
         conductor insulator simple_machine inclined_plane lever habitat pollution recycling weather hurricane tornado",
        "rock water ice air energy plant animal heat light earth temperature season rain wind ground",
    ),
];
