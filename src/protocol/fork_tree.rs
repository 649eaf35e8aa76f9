//! Sessions as the forest of their forks, in the order in which the sidebar and `antiphon list` show them.

use super::{ids::SessionId, session::SessionView};

/// One line of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeRow {
    pub session: SessionId,
    /// The index into the sessions that were given.
    pub index: usize,
    /// What stands before the name: nothing, `├─`, `└─`, with `│ ` and blanks for the levels above.
    pub branch: String,
    pub depth: usize,
}

/// Every session once: roots in the order given, each followed by its forks. A fork whose parent is not
/// among `sessions` is a root.
pub fn fork_tree(sessions: &[SessionView]) -> Vec<TreeRow> {
    let is_child =
        |child: &SessionView, parent: SessionId| child.parent == Some(parent) && child.id != parent;
    let has_parent = |child: &SessionView| sessions.iter().any(|s| is_child(child, s.id));
    let mut rows = Vec::with_capacity(sessions.len());
    // Each entry: index, depth, the stem of the levels above, whether it is the last of its siblings.
    let mut todo: Vec<(usize, usize, String, bool)> = (0..sessions.len())
        .rev()
        .filter(|&i| !has_parent(&sessions[i]))
        .map(|i| (i, 0, String::new(), true))
        .collect();
    while let Some((index, depth, stem, last)) = todo.pop() {
        let session = sessions[index].id;
        let (branch, below) = match (depth, last) {
            (0, _) => (String::new(), String::new()),
            (_, true) => (format!("{stem}└─"), format!("{stem}  ")),
            (_, false) => (format!("{stem}├─"), format!("{stem}│ ")),
        };
        rows.push(TreeRow {
            session,
            index,
            branch,
            depth,
        });
        let children = (0..sessions.len())
            .rev()
            .filter(|&i| is_child(&sessions[i], session));
        for (position, child) in children.enumerate() {
            todo.push((child, depth + 1, below.clone(), position == 0));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::testing::session;

    #[test]
    fn forks_stand_below_their_parent() {
        let mut sessions: Vec<_> = (1..=5).map(|n| session(n, &format!("n{n}"))).collect();
        sessions[2].parent = Some(SessionId(1));
        sessions[3].parent = Some(SessionId(3));
        sessions[4].parent = Some(SessionId(1));
        let shown: Vec<String> = fork_tree(&sessions)
            .iter()
            .map(|row| format!("{}{}", row.branch, sessions[row.index].name))
            .collect();
        assert_eq!(shown, ["n1", "├─n3", "│ └─n4", "└─n5", "n2"]);
    }

    #[test]
    fn a_fork_of_a_killed_session_is_a_root() {
        let mut orphan = session(2, "orphan");
        orphan.parent = Some(SessionId(1));
        assert_eq!(fork_tree(&[orphan])[0].depth, 0);
    }
}
