//! The vocabulary of mathematics, sciences, medicine and engineering.

/// As [`FIELDS`](super::FIELDS).
#[rustfmt::skip]
pub(super) const NATURE: &[super::Field] = &[
    ("medicine",
        "patient physician diagnosis diagnosed prognosis symptom prescribed mg/dl mmhg hypertension \
         hypertensive tachycardia bradycardia fever dyspnea edema biopsy auscultation palpation murmur serum \
         leukocyte hemoglobin hematocrit creatinine x-ray ct_scan mri antibiotic chemotherapy carcinoma tumor \
         metastatic benign malignant lesion inflammation anemia pneumonia asthma copd diabetes diabetic \
         insulin_therapy myocardial infarction thrombosis embolism seizure epilepsy renal_failure hepatic \
         cirrhosis pancreatitis appendicitis ulcer emergency_department vital_signs blood_pressure \
         physical_examination year-old_woman year-old_man year-old_boy year-old_girl rash nausea vomiting \
         analgesic anesthesia surgery surgical catheter cannula intravenous dosage contraindicated therapy \
         clinician nurse nursing hospital syndrome intubation pulse_oximetry ecg electrocardiogram \
         tonsillectomy wound suture cpr pyrexia post-operative phlebitis urine urinary insulin stroke \
         breathing respiration abdominal abdomen chest tenderness bilaterally cigarettes pharmacotherapy",
        "disease treatment treated drug medication medical clinical pain chronic acute blood doctor infection \
         health complain examination history_of shows laboratory test dose oral week month normal elevated \
         pregnancy pregnant exercise minute needle valve muscle signs emergency department office woman \
         physical smoked pulse"),
    ("anatomy",
        "nerve artery vein muscle ligament tendon bone vertebra vertebrae cranial spinal femur tibia fibula \
         humerus ulna scapula clavicle pelvis pelvic sternum mandible maxilla hyoid pharynx larynx trachea \
         esophagus diaphragm thorax thoracic lumbar cervical sacral ganglion ganglia vagus trigeminal \
         facial_nerve hypoglossal foramen cochlea retina cornea sclera pituitary thyroid adrenal_gland \
         parotid salivary ventricle atrium aorta coronary mitral cerebellum hypothalamus thalamus medulla \
         dura_mater meninges embryonic pharyngeal_arch epithelium dermis epidermis palate incisor molar_tooth \
         dentine enamel gingiva lymph_node spleen bladder urethra uterus ovary testis prostate bronchi \
         alveoli duodenum jejunum ileum maxillary mandibular palatine infraorbital cartilage pancreas \
         frontal_bone",
        "lateral medial anterior posterior superior inferior proximal distal gland tissue organ tongue eye \
         ear lung kidney liver heart skull skin tooth teeth neck shoulder elbow wrist knee joint reflex \
         autonomic lip facial tube"),
    ("biology",
        "cell_membrane mitochondria mitochondrial mitochondrion chloroplast photosynthesis ribosome eukaryote \
         eukaryotic prokaryote prokaryotic bacterium bacteria fungi fungus protist phylum taxonomy taxonomic \
         species genus allele genotype phenotype heterozygous homozygous dominant_allele recessive chromosome \
         chromosomal meiosis mitosis gamete zygote diploid haploid dna rna mrna trna transcription \
         translation_of_mrna codon exon intron promoter polymerase pcr plasmid restriction_enzyme mutation \
         mutant gene genetic genome natural_selection evolution evolutionary darwin adaptation fitness_of \
         hardy-weinberg speciation ecosystem biome food_chain trophic predator prey herbivore carnivore \
         symbiosis mutualism parasite population_genetics enzyme substrate atp glycolysis krebs_cycle \
         electron_transport_chain osmosis diffusion xylem phloem stomata angiosperm gymnosperm pollen seed \
         vertebrate invertebrate arthropod amphibian reptile mammal embryo blastula gastrulation hormone \
         auxin neuron action_potential antibody antigen lymphocyte cytoplasm endoplasmic golgi lysosome \
         vacuole cytoskeleton microtubule actin inheritance inherited linkage karyotype trisomy autosomal \
         x-linked amino_acid polypeptide protein glycogen pyruvate phosphocreatine lactate creatine nadh \
         cortisol chemiosmosis sympatric fern nucleotide eggs stabilizing_selection directional_selection \
         genetic_drift",
        "cell organism plant animal membrane population offspring trait reproduction ecology environment \
         insect bird fish tree leaf root growth metabolism molecule nucleus receptor selection variation \
         breakdown glucose fatty synthesis tissue survive ancestor individual"),
    ("virology",
        "virus viral virology virion capsid hiv aids influenza hepatitis herpes herpesvirus papillomavirus \
         hpv ebola smallpox polio poliovirus measles rabies coronavirus sars mers retrovirus adenovirus \
         rotavirus norovirus zika dengue vaccine vaccination vaccinated antiviral epidemic pandemic outbreak \
         epidemiology epidemiological epidemiologist incubation_period rt-pcr viruses ngs icosahedral \
         mosquito hygiene morphology bats",
        "infection infected transmission immune immunity host replication strain pathogen prevalence \
         incidence cohort sti respiratory structure spread lipid sequencing cancer circular effective"),
    ("nutrition",
        "nutrition nutrient dietary diet vitamin calorie calories kcal carbohydrate saturated_fat unsaturated \
         fatty_acid cholesterol obesity obese bmi body_mass_index folate niacin thiamin riboflavin zinc \
         selenium iodine fibre_intake dietary_fiber omega-3 lactose gluten glycaemic glycemic malnutrition \
         undernutrition breastfeeding breast_milk infant_formula macronutrient micronutrient antioxidant \
         supplement energy_intake energy_expenditure bioavailability satiety appetite synthesis_of_fat \
         deficiency supplementation methionine homocysteine vldl ldl fibre vegan starch thermogenesis \
         nutritional b12 enterocyte",
        "food eat eating meal consumption intake weight fruit vegetable meat milk sugar salt sodium iron \
         calcium fat protein fasting amino intestine intestinal plasma absorption composition mineral fatty \
         glucose risk excretion insulin index content"),
    ("chemistry",
        "mole molar molarity molality stoichiometry reactant reagent catalyst oxidation reduction redox \
         oxidizing reducing_agent anode cathode electrolysis electrolyte titration buffer_solution acidic \
         ph_of pka ka kb ksp enthalpy entropy_change gibbs exothermic endothermic equilibrium_constant \
         le_chatelier covalent ionic_bond hydrogen_bond van_der_waals electronegativity ionization_energy \
         valence orbital hybridization isotope isomer enantiomer chiral stereo alkane alkene alkyne aromatic \
         benzene ketone aldehyde ester carboxylic alcohol_group amine nucleophile electrophile sn1 sn2 \
         polymerization precipitate solubility solute solvent aqueous periodic_table noble_gas halogen alkali \
         transition_metal ligand spectroscopy nmr infrared_spectrum mass_spectrometry chromatography \
         distillation hcl naoh h2so4 nacl h2o co2 nh3 agno3 atomic_number rate_law half-reaction avogadro mhz \
         13c 31p diatomic epr atm sulfur bromine neon dipole intermolecular vaporization monoprotic vapor \
         flask",
        "chemical reaction compound element atom ion bond electron acid base solution concentration gas \
         pressure ph oxide sodium chlorine oxygen hydrogen nitrogen carbon liter gram mixture metal liquid \
         boiling mol soluble molecular reacts unpaired dioxide container"),
    ("physics",
        "velocity acceleration momentum torque angular kinetic_energy potential_energy inertia friction \
         projectile newton's newton joule pascal hertz wavelength amplitude diffraction refraction refractive \
         interference_pattern photon photoelectric electromagnetic magnetic_field electric_field \
         capacitor_plates coulomb gauss faraday maxwell lens mirror focal_length thermodynamic adiabatic \
         isothermal carnot heat_engine specific_heat quantum wavefunction schrodinger hamiltonian eigenstate \
         spin-1/2 boson fermion quark neutrino relativity relativistic lorentz speed_of_light time_dilation \
         nuclear_fission nuclear_fusion half-life radioactive alpha_particle beta_decay pendulum oscillator \
         harmonic buoyant buoyancy fluid_flow frictionless centripetal gravitational free_fall m/s kg \
         ideal_gas blackbody laser semiconductors hydrogen_atom proton neutron radioactivity radiation \
         fission polarization kinetic tidal gamma",
        "force mass energy speed motion gravity charge charged current voltage wave light sound heat \
         temperature particle field vacuum work power electron atom spring pulley collision object ball \
         rocket pressure water frequency magnetic electric uniform interference horizontal vertical tension \
         faster twice ideal rest unchanged moving constant initial doubled perpendicular proportional \
         observer stop released"),
    ("astronomy",
        "planet star galaxy galaxies telescope asteroid comet meteor meteorite moon solar_system jupiter \
         saturn mars venus neptune uranus pluto supernova black_hole nebula parsec light-year astronomical \
         astronomer orbit orbiting orbital_period eclipse kepler redshift hubble milky_way big_bang \
         cosmic_background dwarf sunspot photosphere lunar crater terrestrial_planet jovian constellation \
         parallax apparent_magnitude main_sequence red_giant white_dwarf neutron_star pulsar exoplanet kuiper \
         oort earth's moon's jupiter's planetary volcanoes helium ozone greenhouse",
        "sun earth sky solar surface atmosphere brightness distance celestial spectrum rotation core disk \
         cooler bright"),
    ("electronics",
        "circuit resistor capacitor inductor inductance impedance transistor diode amplifier op-amp \
         voltage_regulator rectifier thyristor transformer_winding armature rotor stator winding \
         synchronous_generator alternator dc_motor induction_motor ohm ohm's kirchhoff flip-flop nand \
         nor_gate xor multiplexer decoder karnaugh logic_gate oscilloscope ammeter voltmeter semiconductor \
         mosfet bjt microcontroller fpga modulation demodulation transmission_line bode transfer_function \
         nyquist zener dielectric henry farad capacitance",
        "voltage current frequency signal power resistance coil wire conductor phase load generator motor \
         gain bridge parallel connected accuracy losses equivalent"),
    ("algebra",
        "abelian subgroup coset homomorphism isomorphism isomorphic automorphism cyclic_group symmetric_group \
         normal_subgroup factor_group quotient_group ring_homomorphism integral_domain commutative_ring \
         maximal_ideal prime_ideal finite_field field_extension galois vector_space linear_transformation \
         eigenvalue eigenvector determinant nullity linearly_independent topological topology hausdorff \
         homeomorphic compact_set metric_space open_set closed_set continuous_function differentiable \
         uniformly_converge lebesgue riemann analytic_function holomorphic contour_integral bijective \
         surjective injective permutation group_of_order differential_equation partial_derivative \
         line_integral taylor_series power_series",
        "group ring field polynomial matrix order theorem element finite infinite subset mapping real-valued \
         invertible vector integral derivative convergent sequence characteristic"),
    ("arithmetic",
        "quotient addend multiplied subtract subtracted subtraction multiplication place_value number_line \
         hundredth tenth rounded nearest_hundred nearest_ten nearest_thousand gallon quart pint mixed_number \
         long_division number_sentence simplest_form word_form expanded_form times_table",
        "total each mile pound box student minute hour dollar cent page cup inch feet yard thousand hundred \
         number equivalent estimate how_many how_much cost bought sold pack bag apple row add math equation \
         expression value share paper ticket week day spent"),
    ("mathematics",
        "triangle rectangle circle radius circumference perimeter hypotenuse parallelogram polygon hexagon \
         pentagon trapezoid vertices quadratic parabola hyperbola asymptote slope y-intercept x-intercept \
         logarithm log_ sine cosine tangent_line sin cos tan_ integer positive_integer odd even_number \
         prime_number prime_factor greatest_common least_common divisor divisible remainder fraction \
         numerator denominator decimal square_root cube_root exponent factorial arithmetic_sequence \
         geometric_sequence units_digit coordinate_plane equation inequality evaluate simplify solve_for \
         expression frac sqrt cdot mathbf overline binom pi",
        "number sum product area volume length width side angle degree digit value function graph line point \
         solve compute calculate find square cube table round estimate equal x y n"),
    ("statistics",
        "standard_deviation variance regression confidence_interval null_hypothesis p-value t-test chi-square \
         chi-squared anova normal_distribution binomial_distribution poisson random_variable random_sample \
         sample_size sampling_distribution z-score correlation_coefficient scatterplot least_squares \
         residuals median quartile interquartile histogram boxplot outlier significance_level type_i_error \
         type_ii_error independent_events conditional_probability expected_value ols estimator \
         heteroscedasticity autocorrelation autoregressive arma arima garch stationary_process \
         multicollinearity cointegration dummy_variable time_series econometric durbin-watson white_noise \
         var_model logit probit panel_data lag_length error_term explanatory time-series econometrics \
         forecast lag intercept coefficient residual standard_error unbiased stationary_series distributed \
         z-test srs margin_of_error",
        "probability sample mean distribution survey random data randomly population proportion experiment \
         estimate correlation significant independent hypothesis test variable model bias standard deviation \
         interval confidence null statistic sampling error sampled normal normally selected approximately \
         observation ounces salary"),
    ("computing",
        "algorithm data_structure array linked_list binary_tree binary_search hash_table stack_overflow \
         heap_sort quicksort merge_sort sorting recursion recursive boolean_expression for_loop while_loop \
         pseudocode compiler operating_system deadlock semaphore mutex virtual_memory page_fault page_table \
         cache_miss cache_hit cpu processor ram instruction_set risc context-free regular_language \
         finite_automaton turing np-complete np-hard decidable undecidable polynomial_time big-o tcp udp \
         ip_address packet router ethernet http dns bandwidth relational_database sql primary_key \
         normalization ascii hexadecimal binary_number two's_complement floating-point byte bits \
         object-oriented subclass polymorphism java lisp prolog internet_protocol cloud_computing \
         lossless_compression cache undirected write-back direct-mapped vertex programmer pixel python",
        "computer program code software programming procedure data input output memory loop string list \
         function network file node edge graph tree bit instruction execution machine print return address \
         disk clock log stored block digital display hash binary represent executed pairs messages user"),
    ("ml",
        "machine_learning deep_learning neural_network neural_net backpropagation gradient_descent \
         stochastic_gradient perceptron svm support_vector kernel_function decision_tree random_forest \
         adaboost boosting bagging ensemble_method k-means k-nn knn nearest_neighbor naive_bayes \
         bayesian_network mixture_of_gaussian em_algorithm overfit overfitting underfit regularization \
         regularized l1_penalty ridge_regression lasso logistic_regression linear_classifier training_error \
         training_set training_data test_error cross-validation bias-variance dropout relu sigmoid softmax \
         attention_layer transformer_model bert gpt llm fine-tune fine-tuning embedding resnet densenet \
         convolutional imagenet cnn rnn lstm dataset hyperparameter epoch reinforcement_learning q-learning \
         vc_dimension generative_model discriminative pca principal_component clustering cnns rnns vqa \
         pytorch tensorflow scikit-learn supervised unsupervised activation gaussian",
        "classifier classification training model feature data learning prediction parameter loss layer \
         regression gradient kernel inference neural descent linear trained testing objective boolean space"),
    ("everyday-science",
        "magnet thermometer sunlight soil erosion weathering sedimentary igneous metamorphic volcano \
         earthquake tectonic glacier evaporation condensation precipitation water_cycle renewable_resource \
         nonrenewable fossil_fuel photosynthesis hibernate camouflage food_web conductor insulator \
         simple_machine inclined_plane lever habitat pollution recycling weather hurricane tornado",
        "rock water ice air energy plant animal heat light earth temperature season rain wind ground"),
];
