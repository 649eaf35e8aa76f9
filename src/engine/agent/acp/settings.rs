//! What can be chosen in a conversation: the model and the mode. Agents tell them in one of two forms, an older one
//! (`modes`, `models`) and config options.

use serde_json::{Value, json};

/// Both of them.
#[derive(Debug, Default)]
pub struct Settings {
    pub model: Setting,
    pub mode: Setting,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Model,
    Mode,
}

/// One that is set, of several.
#[derive(Debug, Default)]
pub struct Setting {
    pub current: Option<String>,
    /// Id and name of each.
    values: Vec<(String, String)>,
    /// The config option that sets it; `None`: the older form does.
    option: Option<String>,
    /// Whether the agent offers it at all.
    offered: bool,
}

impl Settings {
    /// Reads the answer that begins a conversation, or an update of its options.
    pub fn read(&mut self, told: &Value) {
        let older = [
            (
                &mut self.mode,
                &told["modes"],
                ["availableModes", "currentModeId", "id"],
            ),
            (
                &mut self.model,
                &told["models"],
                ["availableModels", "currentModelId", "modelId"],
            ),
        ];
        for (setting, told, [all, current, id]) in older {
            if let (Some(all), None) = (told[all].as_array(), &setting.option) {
                setting.offered = true;
                setting.values = all.iter().filter_map(|value| named(value, id)).collect();
                setting.current = told[current].as_str().map(String::from);
            }
        }
        for option in told["configOptions"].as_array().into_iter().flatten() {
            let Some(id) = option["id"].as_str() else {
                continue;
            };
            let setting = match option["category"].as_str().unwrap_or(id) {
                "model" => &mut self.model,
                "mode" => &mut self.mode,
                _ => continue,
            };
            setting.offered = true;
            setting.option = Some(id.to_owned());
            setting.values = values(&option["options"]);
            setting.current = option["currentValue"].as_str().map(String::from);
        }
    }

    pub fn of(&mut self, which: Which) -> &mut Setting {
        match which {
            Which::Model => &mut self.model,
            Which::Mode => &mut self.mode,
        }
    }

    /// The request that sets it: its method and what it takes, and the value as the agent calls it.
    ///
    /// # Errors
    /// Says why it cannot be.
    pub fn request(
        &mut self,
        which: Which,
        wanted: &str,
        session: &str,
    ) -> Result<(&'static str, Value, String), String> {
        let (what, method, key) = match which {
            Which::Model => ("model", "session/set_model", "modelId"),
            Which::Mode => ("permission mode", "session/set_mode", "modeId"),
        };
        let setting = self.of(which);
        if !setting.offered {
            return Err(format!("this agent lets no {what} be chosen"));
        }
        let value = match (setting.find(wanted), which) {
            (Some(id), _) => id,
            // Agents take models that they do not list.
            (None, Which::Model) => wanted.to_owned(),
            (None, Which::Mode) => {
                let ids: Vec<&str> = setting.values.iter().map(|(id, _)| id.as_str()).collect();
                return Err(format!(
                    "`{wanted}` is no {what} here: choose {}",
                    ids.join(", ")
                ));
            }
        };
        Ok(match &setting.option {
            Some(option) => (
                "session/set_config_option",
                json!({"sessionId": session, "configId": option, "value": value}),
                value,
            ),
            None => (method, json!({"sessionId": session, key: value}), value),
        })
    }
}

impl Setting {
    /// The value called so: by its id, its name, or the last part of an id such as `provider/model`.
    fn find(&self, wanted: &str) -> Option<String> {
        let exact = self.values.iter().find(|(id, _)| id == wanted);
        let named = |(id, name): &&(String, String)| {
            id.eq_ignore_ascii_case(wanted) || name.eq_ignore_ascii_case(wanted)
        };
        let last = |(id, _): &&(String, String)| {
            id.rsplit_once('/')
                .is_some_and(|(_, model)| model == wanted)
        };
        exact
            .or_else(|| self.values.iter().find(named))
            .or_else(|| self.values.iter().find(last))
            .map(|(id, _)| id.clone())
    }
}

/// Whether it is a model's name, and not a word for leaving the choice to the agent.
pub fn names_model(id: &str) -> bool {
    !(id == "auto" || id == "default" || id.starts_with("auto-"))
}

fn named(value: &Value, id: &str) -> Option<(String, String)> {
    let id = value[id].as_str()?;
    let name = value["name"].as_str().unwrap_or(id);
    Some((id.to_owned(), name.to_owned()))
}

/// The values of an option; they may stand in groups.
fn values(options: &Value) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for option in options.as_array().into_iter().flatten() {
        all.extend(named(option, "value"));
        let group = option["options"].as_array().into_iter().flatten();
        all.extend(group.filter_map(|value| named(value, "value")));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_older_form_is_set_by_its_own_methods() {
        let mut settings = Settings::default();
        settings.read(
            &json!({"modes": {"availableModes": [{"id": "default", "name": "Default"},
            {"id": "autoEdit", "name": "Auto Edit"}], "currentModeId": "default"},
            "models": {"availableModels": [{"modelId": "auto"}], "currentModelId": "auto"}}),
        );
        assert_eq!(settings.mode.current.as_deref(), Some("default"));
        let (method, params, _) = settings.request(Which::Mode, "auto edit", "s").unwrap();
        assert_eq!(
            (method, params),
            (
                "session/set_mode",
                json!({"sessionId": "s", "modeId": "autoEdit"})
            )
        );
        let why = settings.request(Which::Mode, "plam", "s").unwrap_err();
        assert!(why.contains("choose default, autoEdit"), "{why}");
        let (method, params, _) = settings.request(Which::Model, "unlisted", "s").unwrap();
        assert_eq!(
            (method, params),
            (
                "session/set_model",
                json!({"sessionId": "s", "modelId": "unlisted"})
            )
        );
    }

    #[test]
    fn config_options_are_set_as_such() {
        let mut settings = Settings::default();
        assert!(
            settings.request(Which::Model, "m", "s").is_err(),
            "nothing is offered"
        );
        settings.read(&json!({"configOptions": [
            {"id": "which", "category": "model", "currentValue": "p/a", "options": [
                {"name": "P", "options": [{"value": "p/a", "name": "A"}, {"value": "p/b"}]}]},
            {"id": "mode", "currentValue": "build", "options": [{"value": "build"}, {"value": "plan"}]},
            {"id": "other", "category": "brand_new"}, 7]}));
        assert_eq!(settings.model.current.as_deref(), Some("p/a"));
        let (method, params, value) = settings.request(Which::Model, "b", "s").unwrap();
        assert_eq!((method, &*value), ("session/set_config_option", "p/b"));
        assert_eq!(
            params,
            json!({"sessionId": "s", "configId": "which", "value": "p/b"})
        );
        // Once an option does it, the older form is told beside it at most.
        settings.read(
            &json!({"models": {"availableModels": [{"modelId": "x"}], "currentModelId": "x"}}),
        );
        assert_eq!(settings.model.current.as_deref(), Some("p/a"));
    }
}
