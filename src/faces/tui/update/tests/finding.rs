//! Searching, going from turn to turn, and which panes are open.

use super::*;
use crate::faces::tui::views::tests::picture;

#[test]
fn a_word_is_found_wherever_it_stands_on_the_screen() {
    for (word, number, count) in [
        ("NANO-dollars", 1, 1),
        ("rate limit", 1, 1),
        ("rg round", 1, 1),
        ("rounded", 3, 3),
    ] {
        let mut model = house((80, 24));
        press(&mut model, "/");
        write(&mut model, word);
        press(&mut model, "enter");
        let found = model.found.clone().unwrap();
        assert_eq!((found.number, found.count), (number, count), "{word}");
        let shown = picture(&model).to_lowercase();
        assert!(shown.contains(&word.to_lowercase()), "{word}: {shown}");
        press(&mut model, "n");
        assert_eq!(model.found.clone().unwrap().number, 1, "around the end");
        press(&mut model, "N");
        assert_eq!(model.found.clone().unwrap().number, count);
        press(&mut model, "j n");
        assert!(
            matches!(model.layers.last(), Some(Layer::Spawn(_))),
            "n is n elsewhere"
        );
        press(&mut model, "esc k esc n");
        assert!(model.found.is_none());
        assert!(matches!(model.layers.last(), Some(Layer::Spawn(_))));
    }
}

#[test]
fn names_of_sessions_are_offered_apart() {
    let mut model = on(PRIMER);
    press(&mut model, "/ c r i down enter");
    assert_eq!(model.panes.selected(), Some(CRITIC));
    let mut model = on(PRIMER);
    press(&mut model, "/ q x q enter");
    assert!(model.notice.is_some() && !model.layers.is_empty());
    // A word that a name begins with as well.
    let mut model = on(PRIMER);
    press(&mut model, "/ r a i s e enter");
    assert_eq!(model.panes.selected(), Some(PRIMER));
    assert!(model.found.is_some());
}

#[test]
fn turns_are_selected_one_by_one_and_unselected_out_of_sight() {
    let mut model = house((80, 24));
    let selected = |model: &Model| model.chats[&PRIMER].selected.map(|turn| turn.0);
    for (keys, wanted) in [
        ("[", Some(2)),
        ("[", Some(1)),
        ("[", Some(1)),
        ("]", Some(2)),
    ] {
        press(&mut model, keys);
        assert_eq!(selected(&model), wanted);
        let header = format!("▶▎ {}", ["Read", "now fix"][wanted.unwrap() as usize - 1]);
        assert!(picture(&model).contains(&header), "{}", picture(&model));
    }
    press(&mut model, "] ]");
    assert_eq!(selected(&model), None);
    press(&mut model, "[ g");
    assert_eq!(selected(&model), None, "what is not seen is not meant");
}

#[test]
fn with_all_panes_closed_enter_opens_the_selected_session() {
    let mut model = house((80, 24));
    press(&mut model, "c");
    let shown = picture(&model);
    assert!(
        shown.contains("no pane is open") && shown.contains("open primer"),
        "{shown}"
    );
    assert!(shown.contains("critic"), "the sidebar stays");
    assert_eq!(ops(press(&mut model, "j j")), []);
    assert_eq!(model.panes.selected(), Some(TESTS));
    assert_eq!(
        ops(press(&mut model, "y")),
        [],
        "nothing is answered unseen"
    );
    assert_eq!(model.panes.shown(), [TESTS]);
    press(&mut model, "c j enter");
    assert_eq!(model.panes.shown(), [SessionId(4)]);
    press(&mut model, "c i");
    assert_eq!(
        (model.panes.shown(), model.mode),
        (vec![SessionId(4)], Mode::Insert)
    );
}

#[test]
fn a_larger_window_opens_no_panes() {
    let mut model = house((80, 24));
    press(&mut model, "j enter j enter");
    assert!(
        picture(&model).contains("pane 3 of 3, tab"),
        "{}",
        picture(&model)
    );
    let panes = |model: &Model| crate::faces::tui::model::layout::screen(model).panes.len();
    update(&mut model, Msg::Resize(160, 40));
    assert_eq!(panes(&model), 1);
    press(&mut model, "z");
    assert_eq!(panes(&model), 3);
    update(&mut model, Msg::Resize(80, 24));
    update(&mut model, Msg::Resize(160, 40));
    assert_eq!(panes(&model), 3, "those that were open come back");
}

#[test]
fn a_relay_knows_terminals_and_templates() {
    let mut model = on(PRIMER);
    model.templates = vec!["plain".into(), "review".into()];
    press(&mut model, "r c r i");
    assert!(!picture(&model).contains("press Enter"));
    let relayed = ops(press(&mut model, "tab ctrl-t enter"));
    let relay = |to, submit, template: Option<&str>| Op::Relay {
        from: PRIMER,
        turn: Some(TurnId(2)),
        to,
        submit,
        template: template.map(str::to_owned),
    };
    assert_eq!(relayed, [relay(CRITIC, false, Some("review"))]);
    press(&mut model, "r s h e");
    assert!(picture(&model).contains("tab: press Enter after the paste  [ ]"));
    assert_eq!(
        ops(press(&mut model, "tab enter")),
        [relay(SHELL, true, None)]
    );
}
