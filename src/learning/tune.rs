pub fn tune(name: &str, default: f64) -> f64 {
    use std::collections::HashMap; use std::sync::{Mutex, OnceLock};
    thread_local!{ static T: std::cell::RefCell<HashMap<String,f64>> = Default::default(); }
    T.with(|t| { if let Some(v)=t.borrow().get(name) {return *v}
      let v=std::env::var(name).ok().and_then(|v|v.parse().ok()).unwrap_or(default); t.borrow_mut().insert(name.to_owned(),v); v })
}
