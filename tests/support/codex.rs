//! The real Codex for a test, where `ANTIPHON_CODEX` names it.

use super::{home::Home, installed, responses_api::ResponsesApi};
use std::{fs, path::Path};

/// The home of a user who has Codex, set up for the stand-in; `None` where there is no Codex.
pub fn home(api: &ResponsesApi, model: &str) -> Option<Home> {
    let mut home = installed::home("ANTIPHON_CODEX", "the real Codex")?;
    home.set("STAND_IN_KEY", "dummy");
    configure(&home.user(), api, model);
    Some(home)
}

/// The `config.toml` of a user whose folder this is: Codex speaks to the stand-in, and trusts the folder.
pub fn configure(user: &Path, api: &ResponsesApi, model: &str) {
    let own = user.join(".codex");
    fs::create_dir_all(&own).expect("made");
    let config = format!(
        "model = \"{model}\"\nmodel_provider = \"stand-in\"\n[model_providers.stand-in]\nname = \"stand-in\"\n\
         base_url = \"{}\"\nwire_api = \"responses\"\nenv_key = \"STAND_IN_KEY\"\nrequest_max_retries = 1\n\
         stream_max_retries = 2\n[projects.\"{}\"]\ntrust_level = \"trusted\"\n",
        api.url(),
        user.canonicalize().expect("it is there").display()
    );
    fs::write(own.join("config.toml"), config).expect("written");
}
