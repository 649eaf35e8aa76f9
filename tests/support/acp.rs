//! The real agents that speak the Agent Client Protocol, for tests, each against a stand-in of its models' server.

use super::{
    chat_api::ChatApi, gemini_api::GeminiApi, home::Home, http::Server, installed, ledger::Ledger,
};
use serde_json::json;
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// One of them, its stand-in and its user.
pub struct Agent {
    pub home: Home,
    pub ledger: Arc<Ledger>,
    /// Of the stand-in; dropping it stops it.
    pub server: Server,
    pub backend: &'static str,
    /// The model that answers; other requests are the agent's own small ones.
    pub model: &'static str,
    /// The prompt that has it write `by hand` into a file: what the stand-in is to call, before and behind the path.
    write: (&'static str, &'static str),
}

impl Agent {
    /// Those that are there. The environment names their programs.
    pub fn all() -> Vec<Agent> {
        [gemini(), opencode()].into_iter().flatten().collect()
    }

    /// The prompt that has it write `by hand` into that file.
    pub fn write(&self, file: &Path) -> String {
        format!("{}{}{}", self.write.0, file.display(), self.write.1)
    }

    /// Tokens that the stand-in billed for answers: input (cached or not) and output.
    pub fn billed(&self) -> (u64, u64) {
        let calls = self.ledger.calls();
        let own = calls
            .iter()
            .filter(|call| call.model == self.model && call.finished == Some(true));
        own.fold((0, 0), |(input, output), call| {
            (
                input + call.billed.input + call.billed.cache_read,
                output + call.billed.output,
            )
        })
    }

    /// The conversation as the model was shown it with the newest prompt that contains `words`.
    pub fn shown(&self, words: &str) -> String {
        let calls = self.ledger.calls();
        let own =
            |call: &&super::ledger::Call| call.model == self.model && call.prompt.contains(words);
        let call = calls.iter().rfind(own).expect("it was asked");
        call.body.to_string()
    }
}

fn gemini() -> Option<Agent> {
    let mut home = installed::home("ANTIPHON_GEMINI_CLI", "the real Gemini CLI")?;
    let api = GeminiApi::start();
    home.set("GEMINI_API_KEY", "dummy");
    home.set("GOOGLE_GEMINI_BASE_URL", &api.url());
    let folder = home.user().join(".gemini");
    fs::create_dir(&folder).expect("a folder");
    let settings = json!({
        "security": {"auth": {"selectedType": "gemini-api-key"}},
        "general": {"disableAutoUpdate": true},
        "privacy": {"usageStatisticsEnabled": false},
    });
    fs::write(folder.join("settings.json"), settings.to_string()).expect("written");
    Some(Agent {
        home,
        ledger: api.ledger,
        server: api.server,
        backend: "gemini-cli",
        model: "gemini-2.5-pro",
        write: (
            "@tool:write_file {\"file_path\":\"",
            "\",\"content\":\"by hand\"}",
        ),
    })
}

fn opencode() -> Option<Agent> {
    let mut home = installed::home("ANTIPHON_OPENCODE", "the real opencode")?;
    let api = ChatApi::start();
    home.set("OPENCODE_DISABLE_MODELS_FETCH", "1");
    home.set("OPENCODE_DISABLE_AUTOUPDATE", "1");
    let folder = home.user().join(".config/opencode");
    fs::create_dir_all(&folder).expect("a folder");
    let settings = json!({
        "autoupdate": false,
        "share": "disabled",
        "model": "stand-in/large",
        "small_model": "stand-in/small",
        "permission": {"bash": "ask", "edit": "ask"},
        "provider": {"stand-in": {
            "npm": "@ai-sdk/openai-compatible",
            "options": {"baseURL": format!("{}/v1", api.url()), "apiKey": "dummy"},
            "models": {
                "large": {"cost": {"input": 3, "output": 15, "cache_read": 1}, "limit": {"context": 100_000, "output": 4096}},
                "small": {"limit": {"context": 100_000, "output": 4096}},
            },
        }},
    });
    fs::write(folder.join("opencode.json"), settings.to_string()).expect("written");
    Some(Agent {
        home,
        ledger: api.ledger,
        server: api.server,
        backend: "opencode",
        model: "large",
        write: (
            "@tool:write {\"filePath\":\"",
            "\",\"content\":\"by hand\"}",
        ),
    })
}
