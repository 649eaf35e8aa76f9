//! Which part of software work and which technology a prompt or a project is of.

/// (part of software work, words hardly used elsewhere, words used there more than elsewhere).
pub(super) const SOFTWARE: &[(&str, &str, &str)] = &[
    (
        "frontend",
        "frontend front-end css html dom tailwind webpack vite responsive_design navbar jsx tsx storybook web_page user_interface ux",
        "component button form page layout browser ui render click modal style animation accessibility widget screen",
    ),
    (
        "backend",
        "backend back-end rest_api graphql grpc middleware webhook microservice message_queue rate_limiter http_server web_server \
         endpoint session_cookie",
        "server api request response handler route service client queue cache worker retry timeout job",
    ),
    (
        "infrastructure",
        "infrastructure devops deployment ci/cd github_actions gitlab_ci load_balancer autoscaling provisioning \
         systemd iam vpc nginx reverse_proxy monitoring observability prometheus grafana ansible helm_chart rollout",
        "deploy cluster pipeline container cloud production staging server log metric node volume secret dns certificate",
    ),
    (
        "database",
        "database postgres postgresql mysql sqlite mongodb redis sql foreign_key orm db query_plan transaction_isolation sharding \
         materialized_view stored_procedure",
        "query table index row column schema migration join transaction record replica",
    ),
    (
        "testing",
        "unit_test integration_test end-to-end_test e2e test_suite test_case pytest jest junit mocha vitest playwright cypress selenium \
         test_coverage snapshot_test flaky_test property_test regression_test write_test failing_test mocking fuzzing",
        "test tests mock fixture assert assertion coverage stub flaky",
    ),
    (
        "docs",
        "documentation readme changelog docstring javadoc rustdoc doc_comment tutorial user_guide release_notes man_page docs",
        "document comment guide example explain section paragraph",
    ),
    (
        "security",
        "vulnerability vulnerabilities exploit cve xss csrf sql_injection buffer_overflow malware ransomware phishing encryption encrypt \
         decrypt decryption cryptography cryptographic cipher aes rsa hmac sha-256 digital_signature firewall intrusion_detection \
         penetration_test pentest authentication authorization oauth jwt password_hash nonce replay_attack man-in-the-middle tls ssl ssh \
         public_key private_key keylogger rootkit botnet ddos denial-of-service spoofing sandbox_escape privilege_escalation kerberos nmap \
         nessus metasploit tor_network backdoor trojan worm format_string return-oriented fuzz_testing hacker hacking side_channel",
        "attack attacker secure security key password token hash certificate authenticate permission secret message encrypted",
    ),
    (
        "mobile",
        "ios android swiftui uikit jetpack_compose react_native flutter app_store play_store apk xcode",
        "app mobile phone screen notification push device",
    ),
    (
        "performance",
        "profiling profiler benchmark throughput latency flamegraph memory_leak hot_path cache_line simd vectorize p99 speed_up \
         optimize_performance",
        "slow fast faster speed memory cpu performance optimize bottleneck allocation",
    ),
    (
        "concurrency",
        "concurrency concurrent race_condition data_race deadlock mutex semaphore thread_pool async await tokio goroutine coroutine \
         lock-free atomics multithreaded multithreading event_loop",
        "thread lock parallel channel future task worker queue",
    ),
];

/// (technology, words hardly used otherwise, words that only together tell of it).
pub(super) const TECHNOLOGIES: &[(&str, &str, &str)] = &[
    (
        "rust",
        "cargo rustc clippy borrow_checker tokio serde crates_io cargo_toml impl_trait lifetimes unwrap in_rust",
        "rust crate trait struct enum macro borrow",
    ),
    (
        "python",
        "python pip pytest django flask fastapi pandas numpy pyproject virtualenv jupyter matplotlib py __init__",
        "def lambda decorator",
    ),
    (
        "javascript",
        "javascript npm node_js nodejs js jquery webpack package_json ecmascript",
        "node express promise callback",
    ),
    (
        "typescript",
        "typescript tsconfig ts tsx",
        "interface generics",
    ),
    (
        "react",
        "jsx usestate useeffect next_js nextjs redux react_component react_hook in_react react_native",
        "react hook component props state",
    ),
    ("vue", "vue vuex nuxt vue_js pinia", "component composable"),
    (
        "angular",
        "angularjs ngmodule rxjs angular_component angular_cli",
        "angular",
    ),
    ("svelte", "svelte sveltekit", ""),
    (
        "go",
        "golang goroutine go_mod gofmt in_go go_routine",
        "go channel defer interface",
    ),
    (
        "java",
        "java spring_boot jvm maven gradle junit hibernate_orm javac nullpointerexception",
        "spring bean class",
    ),
    ("kotlin", "kotlin ktor jetpack_compose", "coroutine"),
    (
        "swift",
        "swiftui xcode swift_package in_swift uikit",
        "swift optional",
    ),
    (
        "c",
        "gcc malloc valgrind segfault pthread makefile printf in_c c_program c_code",
        "pointer header struct",
    ),
    (
        "cpp",
        "c++ cpp cmake std boost_library unique_ptr stl",
        "template",
    ),
    (
        "csharp",
        "c# csharp dotnet asp_net entity_framework linq nuget",
        "",
    ),
    (
        "ruby",
        "ruby rails gemfile rspec ruby_on_rails",
        "gem bundle",
    ),
    (
        "php",
        "php laravel composer_json symfony wordpress phpunit",
        "",
    ),
    ("scala", "scala akka sbt", ""),
    (
        "elixir",
        "elixir phoenix_framework erlang otp_application",
        "",
    ),
    ("haskell", "haskell ghc monad cabal", "functor"),
    (
        "shell",
        "bash zsh shell_script awk sed grep chmod crontab posix_shell",
        "shell script terminal",
    ),
    (
        "sql",
        "sql select_from postgres postgresql mysql sqlite group_by left_join inner_join",
        "query join table",
    ),
    ("html", "html html5 div_tag", "tag page"),
    ("css", "css tailwind flexbox sass scss stylesheet", "style"),
    (
        "docker",
        "docker dockerfile docker-compose docker_compose containerize",
        "container image",
    ),
    (
        "kubernetes",
        "kubernetes k8s kubectl helm_chart minikube",
        "pod cluster ingress",
    ),
    (
        "terraform",
        "terraform tfstate hcl opentofu",
        "provider module",
    ),
    (
        "aws",
        "aws s3 ec2 lambda_function dynamodb cloudformation iam_role",
        "bucket amazon",
    ),
    ("gcp", "gcp google_cloud bigquery", ""),
    ("azure", "azure", ""),
    ("postgres", "postgres postgresql psql pgvector", ""),
    ("mysql", "mysql mariadb", ""),
    ("sqlite", "sqlite", ""),
    ("mongodb", "mongodb mongoose", ""),
    ("redis", "redis", ""),
    ("kafka", "kafka", "topic broker"),
    (
        "git",
        "git github gitlab git_rebase git_merge merge_conflict git_commit",
        "commit branch rebase merge repo",
    ),
    (
        "linux",
        "linux ubuntu debian systemd fedora kernel_module",
        "kernel",
    ),
    ("graphql", "graphql", "resolver"),
    ("django", "django", ""),
    ("flask", "flask", ""),
    ("fastapi", "fastapi pydantic", ""),
    ("pytorch", "pytorch torch", "tensor"),
    ("tensorflow", "tensorflow keras", "tensor"),
    ("pandas", "pandas dataframe", ""),
    ("latex", "latex_document bibtex tikz overleaf", ""),
    ("regex", "regex regexp regular_expression", ""),
    ("ansible", "ansible playbook", ""),
    ("nginx", "nginx", ""),
    (
        "excel",
        "excel vlookup spreadsheet google_sheets",
        "cell formula",
    ),
];
