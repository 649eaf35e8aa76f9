//! What the program does when a model fails or is asked by many: again, elsewhere, from the cache.

mod support;

use support::chat_api::ChatApi;
use support::home::Home;
use support::messages_api::MessagesApi;

#[test]
fn an_overloaded_server_is_asked_again_and_says_so() {
    let api = MessagesApi::start();
    let mut home = Home::new();
    home.set("ANTHROPIC_BASE_URL", &api.url());
    home.set("ANTHROPIC_API_KEY", "dummy");
    home.ok(&["spawn", "a", "-b", "anthropic"]);
    let answer = home.ok(&["ask", "a", "@err:529x1 hello"]);
    assert!(answer.contains("hello"), "{answer}");
    let turn = &home.json(&["log", "a"])[0];
    assert_eq!(turn["attempts"].as_array().unwrap().len(), 1);
    assert_eq!(turn["attempts"][0]["failure"]["category"], "overloaded");
    assert!(
        turn["blocks"][0]["text"]
            .as_str()
            .unwrap()
            .contains("trying again")
    );
    assert!(turn["price"]["date"].is_string(), "{turn}");
    assert!(turn["receipt"]["request_id"].is_string(), "{turn}");
}

#[test]
fn when_a_model_cannot_be_reached_the_next_of_the_chain_answers() {
    let chat = ChatApi::start();
    let mut home = Home::new();
    // Nobody listens on the discard port.
    home.set("ANTHROPIC_BASE_URL", "http://127.0.0.1:9");
    home.set("ANTHROPIC_API_KEY", "dummy");
    home.set("OPENAI_BASE_URL", &format!("{}/v1", chat.url()));
    home.set("OPENAI_API_KEY", "dummy");
    home.configure("[retry]\nattempts = 1\n[fallback.groups]\nreview = [\"openai:gpt-5\"]\n");
    home.ok(&["spawn", "a", "-b", "anthropic", "--group", "review"]);
    let answer = home.ok(&["ask", "a", "hello"]);
    assert!(answer.contains("hello"), "{answer}");
    let turn = &home.json(&["log", "a"])[0];
    assert_eq!(turn["backend"], "openai");
    assert_eq!(turn["attempts"][0]["failure"]["category"], "network");
    assert!(
        turn["blocks"][0]["text"]
            .as_str()
            .unwrap()
            .contains("going on with gpt-5")
    );
    assert_eq!(
        home.status("a")["backend"],
        "anthropic",
        "the session keeps its own"
    );
    // Outside the group there is no chain.
    home.ok(&["spawn", "b", "-b", "anthropic"]);
    home.refused(&["ask", "b", "hello"]);
}

#[test]
fn workers_forked_from_a_primed_session_read_it_from_the_cache() {
    let api = MessagesApi::start();
    let mut home = Home::new();
    home.set("ANTHROPIC_BASE_URL", &api.url());
    home.set("ANTHROPIC_API_KEY", "dummy");
    home.ok(&["spawn", "primer", "-b", "anthropic"]);
    let long = "the whole code base, line by line. ".repeat(400);
    home.ok(&["ask", "primer", &long]);
    home.ok(&["fork", "primer", "w", "--count", "10"]);
    let names: Vec<String> = (1..=10).map(|n| format!("w-{n}")).collect();
    home.ok(&[
        "broadcast",
        "find one bug",
        "--to",
        &names.join(","),
        "--wait",
    ]);
    let calls = api.billed();
    let primed = &calls[0].billed;
    assert!(primed.cache_write_5m > 2000, "{primed:?}");
    for call in &calls[1..] {
        assert!(
            call.billed.cache_read >= primed.cache_write_5m,
            "{:?}",
            call.billed
        );
    }
    assert_eq!(calls.len(), 11);
    for name in &names {
        let saved = home.status(name)["gauges"]["saved"].as_i64().unwrap();
        assert!(saved > 0, "{name} saved {saved}");
    }
}
