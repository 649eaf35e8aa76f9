use super::*;
use std::fs::{self, File};
use std::io::Write;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const ONE: SessionId = SessionId(1);
const TIME: &str = "2026-11-20T10:00:00Z";

fn follower() -> (Follower, Receiver<News>) {
    let (tell, news) = channel();
    let follower = Follower::start(move |news| {
        let _ = tell.send(news);
    });
    (follower.expect("a thread"), news)
}

/// The keys of what was spent, as soon as something is told.
fn keys(news: &Receiver<News>) -> Vec<String> {
    let news = news.recv_timeout(Duration::from_secs(20)).expect("news");
    let keys = news.facts.into_iter().filter_map(|fact| match fact {
        Fact::Spent(spent) => Some(spent.key),
        _ => None,
    });
    keys.collect()
}

fn answer(id: &str, time: &str) -> String {
    format!(
        "{{\"type\":\"assistant\",\"timestamp\":\"{time}\",\"requestId\":\"r\",\"message\":{{\"id\":\"{id}\",\"model\":\"m\",\"usage\":{{\"input_tokens\":1}}}}}}\n"
    )
}

fn file(path: PathBuf, since: i64) -> Wanted {
    Wanted::File {
        kind: Kind::Claude,
        path,
        from: Vec::new(),
        since,
        resumed: false,
    }
}

#[test]
fn a_file_is_followed_from_before_it_is_there_and_sub_agents_too() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("projects/-work");
    let path = folder.join("one.jsonl");
    let (follower, news) = follower();
    follower.follow(ONE, 1, file(path.clone(), 0));
    fs::create_dir_all(&folder).unwrap();
    let mut main = File::create(&path).unwrap();
    main.write_all(answer("a", TIME).as_bytes()).unwrap();
    assert_eq!(keys(&news), ["a/r"]);
    let half = answer("b", TIME);
    main.write_all(&half.as_bytes()[..20]).unwrap();
    let helpers = folder.join("one/subagents");
    fs::create_dir_all(&helpers).unwrap();
    fs::write(helpers.join("agent-x.jsonl"), answer("c", TIME)).unwrap();
    assert_eq!(keys(&news), ["c/r"]);
    main.write_all(&half.as_bytes()[20..]).unwrap();
    assert_eq!(keys(&news), ["b/r"]);
    // Another conversation after `/clear`; what was said before the start is not counted.
    let later = folder.join("two.jsonl");
    let began = "2026-11-20T12:00:00Z".parse::<jiff::Timestamp>().unwrap();
    fs::write(
        &later,
        answer("old", TIME) + &answer("new", "2026-11-20T13:00:00Z"),
    )
    .unwrap();
    follower.follow(SessionId(2), 1, file(later, began.as_millisecond()));
    assert_eq!(keys(&news), ["new/r"]);
    follower.forget(ONE);
    let third = folder.join("three.jsonl");
    fs::write(&third, answer("x", TIME)).unwrap();
    follower.follow(SessionId(3), 1, file(third.clone(), 0));
    assert_eq!(keys(&news), ["x/r"], "it is let go by now");
    main.write_all(answer("d", TIME).as_bytes()).unwrap();
    let mut third = File::options().append(true).open(&third).unwrap();
    third.write_all(answer("y", TIME).as_bytes()).unwrap();
    assert_eq!(keys(&news), ["y/r"], "nothing of what was let go");
}

#[test]
fn what_was_read_before_is_not_read_again() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("one.jsonl");
    fs::write(&path, answer("a", TIME)).unwrap();
    let length = path.metadata().unwrap().len();
    let mut main = File::options().append(true).open(&path).unwrap();
    main.write_all(answer("b", TIME).as_bytes()).unwrap();
    let (follower, news) = follower();
    let wanted = Wanted::File {
        kind: Kind::Claude,
        path: path.clone(),
        from: vec![(path.clone(), length)],
        since: i64::MAX,
        resumed: true,
    };
    follower.follow(ONE, 0, wanted);
    follower.forget(ONE);
    let told = news.recv_timeout(Duration::from_secs(20)).expect("news");
    assert_eq!(
        told.positions,
        [(path.clone(), path.metadata().unwrap().len())]
    );
    assert!(matches!(&told.facts[..], [Fact::Spent(spent)] if spent.key == "b/r"));
}

#[test]
fn a_rollout_is_found_when_it_appears() {
    let home = tempfile::tempdir().unwrap();
    let (follower, news) = follower();
    let wanted = Wanted::Rollout {
        home: Some(home.path().join(".codex")),
        cwd: "/home/ann/demo".into(),
        since: jiff::Timestamp::now().as_millisecond() - 1000,
        conversation: None,
    };
    follower.follow(ONE, 1, wanted);
    let [.., day] = places::days(
        &home.path().join(".codex/sessions"),
        jiff::Zoned::now().date(),
    );
    fs::create_dir_all(&day).unwrap();
    let now = jiff::Timestamp::now();
    for (name, cwd) in [("other", "/elsewhere"), ("ours", "/home/ann/demo")] {
        let head = format!(
            "{{\"timestamp\":\"{now}\",\"type\":\"session_meta\",\"payload\":{{\"id\":\"{name}\",\"cwd\":\"{cwd}\"}}}}\n"
        );
        fs::write(day.join(format!("rollout-{name}.jsonl")), head).unwrap();
    }
    let told = news.recv_timeout(Duration::from_secs(20)).expect("news");
    assert_eq!(told.facts, [Fact::Conversation("ours".into())]);
}
