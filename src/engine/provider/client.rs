//! The HTTP clients, built when first needed, and where a wire's requests go.

use super::Wire;
use super::secret::{one_line, redact};
use crate::protocol::{Category, Failure};
use reqwest::{Client, ClientBuilder, Url};
use std::sync::LazyLock;
use std::time::Duration;

/// How long connecting may take, TLS included.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// For `http` on this machine: no proxy, and no certificates to load.
static LOCAL: LazyLock<Option<Client>> =
    LazyLock::new(|| builder().no_proxy().tls_certs_only([]).build().ok());
/// For everything else: the proxy of the environment, the machine's certificates.
static WIDE: LazyLock<Option<Client>> = LazyLock::new(|| builder().build().ok());
/// In the place of `WIDE` on a machine without certificates: good for plain `http` only.
static PLAIN: LazyLock<Option<Client>> =
    LazyLock::new(|| builder().tls_certs_only([]).build().ok());

fn builder() -> ClientBuilder {
    // An error says that a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .user_agent(concat!("antiphon/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_LIMIT)
        // A key must not follow a redirect to another host.
        .redirect(reqwest::redirect::Policy::none())
        .pool_idle_timeout(Duration::from_secs(60))
}

/// The client for `url`.
pub(super) async fn client(url: &Url) -> Result<&'static Client, Failure> {
    let secure = url.scheme() == "https";
    if !secure && is_loopback(url) {
        return LOCAL.as_ref().ok_or_else(no_client);
    }
    // Loading the certificates reads files: not on a thread that drives other sessions.
    let loaded = tokio::task::spawn_blocking(|| WIDE.as_ref()).await;
    match loaded.ok().flatten() {
        Some(client) => Ok(client),
        None if secure => Err(Failure::new(
            Category::Network,
            format!(
                "no CA certificates on this machine: {} cannot be trusted",
                place(url.as_str())
            ),
            "install the package ca-certificates or set SSL_CERT_FILE, then restart the engine",
        )),
        None => PLAIN.as_ref().ok_or_else(no_client),
    }
}

fn no_client() -> Failure {
    Failure::new(
        Category::Network,
        "the HTTP client could not be built",
        "check the proxy variables of the environment, then restart the engine",
    )
}

/// Whether `url` is served by this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost" | "[::1]" | "0.0.0.0") => true,
        Some(host) => host
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|ip| ip.is_loopback()),
        None => false,
    }
}

/// `scheme://host:port` of an address: what may be shown of it (a path, a query or a user can hold secrets).
pub(super) fn place(address: &str) -> String {
    match Url::parse(&with_scheme(address)) {
        Ok(url) if url.has_host() => url.origin().ascii_serialization(),
        _ => one_line(&redact(address, None), 80),
    }
}

/// People write `127.0.0.1:11434`, and so does OLLAMA_HOST; what has no scheme is taken to be `http`.
fn with_scheme(address: &str) -> String {
    let address = address.trim();
    if address.contains("://") {
        address.to_owned()
    } else {
        format!("http://{address}")
    }
}

/// The address of `tail` (such as `models`) in the API of `wire` at `base_url`, which may be the bare host, hold the
/// version, or be the full address of the chat endpoint.
pub(super) fn endpoint(wire: Wire, base_url: &str, tail: &str) -> Result<Url, Failure> {
    let parsed = Url::parse(&with_scheme(base_url)).ok();
    let usable = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    let Some(mut url) = parsed.filter(usable) else {
        return Err(Failure::new(
            Category::BadRequest,
            format!("base_url `{}` is no web address", place(base_url)),
            "write it like http://127.0.0.1:8080/v1",
        ));
    };
    let path = url.path().trim_end_matches('/').to_owned();
    let without = |ends: &[&str]| {
        let cut = ends.iter().find_map(|end| path.strip_suffix(end));
        cut.unwrap_or(&path).to_owned()
    };
    let root = match wire {
        Wire::Anthropic => without(&["/v1/messages", "/v1"]) + "/v1",
        Wire::Ollama => without(&["/api/chat", "/api", "/v1"]) + "/api",
        Wire::Gemini => {
            let ends = ["/v1beta/openai", "/v1beta/models", "/v1beta", "/v1"];
            without(&ends) + "/v1beta"
        }
        _ => match without(&["/chat/completions", "/responses"]) {
            root if root.is_empty() => "/v1".into(),
            root => root,
        },
    };
    url.set_path(&format!("{root}/{tail}"));
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_the_chat_endpoint_however_they_are_written() {
        for (wire, base, tail, expected) in [
            (
                Wire::Anthropic,
                "https://api.anthropic.com",
                "messages",
                "https://api.anthropic.com/v1/messages",
            ),
            (
                Wire::Anthropic,
                "https://h/proxy/v1/",
                "messages",
                "https://h/proxy/v1/messages",
            ),
            (
                Wire::Anthropic,
                "https://h/v1/messages",
                "models",
                "https://h/v1/models",
            ),
            (
                Wire::OpenAiChat,
                "http://127.0.0.1:8080",
                "chat/completions",
                "http://127.0.0.1:8080/v1/chat/completions",
            ),
            (
                Wire::OpenAiChat,
                "https://openrouter.ai/api/v1/",
                "models",
                "https://openrouter.ai/api/v1/models",
            ),
            (
                Wire::OpenAiChat,
                "https://h/v1/chat/completions?api-version=1",
                "models",
                "https://h/v1/models?api-version=1",
            ),
            (
                Wire::OpenAiResponses,
                "https://api.openai.com/v1/responses",
                "responses",
                "https://api.openai.com/v1/responses",
            ),
            (
                Wire::Gemini,
                "https://generativelanguage.googleapis.com",
                "models/m:streamGenerateContent",
                "https://generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent",
            ),
            (
                Wire::Gemini,
                "https://h/v1beta/openai/",
                "models/a?b#c",
                "https://h/v1beta/models/a%3Fb%23c",
            ),
            (
                Wire::Ollama,
                "127.0.0.1:11434",
                "chat",
                "http://127.0.0.1:11434/api/chat",
            ),
            (
                Wire::Ollama,
                "http://box:11434/v1",
                "tags",
                "http://box:11434/api/tags",
            ),
        ] {
            assert_eq!(endpoint(wire, base, tail).unwrap().as_str(), expected);
        }
        for base in ["", "ftp://host", "http://", "not an address"] {
            let failure = endpoint(Wire::OpenAiChat, base, "models").unwrap_err();
            assert_eq!(failure.category, Category::BadRequest, "{base}");
        }
        assert_eq!(
            place("https://me:pw@host:8443/sk/x?key=1"),
            "https://host:8443"
        );
    }

    /// Runs itself again as on a machine where no certificate can be found.
    #[tokio::test]
    async fn a_machine_without_certificates_still_speaks_http() {
        const INNER: &str = "ANTIPHON_TEST_NO_CERTIFICATES";
        if std::env::var_os(INNER).is_none() {
            let test = "a_machine_without_certificates_still_speaks_http";
            let done = tokio::process::Command::new(std::env::current_exe().unwrap())
                .args([
                    &format!("{}::{test}", module_path!().split_once("::").unwrap().1),
                    "--exact",
                ])
                .env(INNER, "1")
                .env("SSL_CERT_FILE", "/nonexistent")
                .env("SSL_CERT_DIR", "/nonexistent")
                .output()
                .await
                .unwrap();
            let text = String::from_utf8_lossy(&done.stdout);
            assert!(done.status.success() && text.contains("1 passed"), "{text}");
            return;
        }
        for (address, local) in [
            ("http://127.0.0.1:1/", true),
            ("http://[::1]:1/", true),
            ("http://localhost/", true),
            ("http://10.0.0.1/", false),
        ] {
            let url = Url::parse(address).unwrap();
            assert_eq!(is_loopback(&url), local, "{url}");
            assert!(client(&url).await.is_ok());
        }
        let secure = client(&Url::parse("https://example.com/").unwrap()).await;
        let failure = secure.unwrap_err();
        assert!(failure.message.contains("no CA certificates"), "{failure}");
    }
}
