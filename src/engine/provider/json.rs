//! JSON that stays where it lies: for the small messages of which a stream has thousands. Names and texts point into
//! the bytes that were read, unless they hold an escape. What is asked for and not there is `Null`, as with
//! [`serde_json::Value`], which everything else is read with.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Number;
use std::borrow::Cow;
use std::fmt;
use std::ops::Index;

#[derive(Debug)]
pub(super) enum Json<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    /// In the order of the text.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

static NULL: Json<'static> = Json::Null;

impl<'a> Json<'a> {
    /// The value under `name`; of several the last one.
    pub(super) fn get(&self, name: &str) -> Option<&Json<'a>> {
        match self {
            Json::Object(fields) => {
                let found = fields.iter().rev().find(|(field, _)| field == name);
                found.map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// The value at a path such as `/choices/0/delta` (without the escapes of RFC 6901).
    pub(super) fn pointer(&self, path: &str) -> Option<&Json<'a>> {
        path.split('/').skip(1).try_fold(self, |at, step| match at {
            Json::List(items) => items.get(step.parse::<usize>().ok()?),
            other => other.get(step),
        })
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn as_u64(&self) -> Option<u64> {
        match self {
            Json::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    pub(super) fn as_f64(&self) -> Option<f64> {
        match self {
            Json::Number(number) => number.as_f64(),
            _ => None,
        }
    }

    /// The items of a list; none of anything else.
    pub(super) fn items(&self) -> &[Json<'a>] {
        match self {
            Json::List(items) => items,
            _ => &[],
        }
    }

    pub(super) fn is_true(&self) -> bool {
        matches!(self, Json::Bool(true))
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Json::Null)
    }

    pub(super) fn is_object(&self) -> bool {
        matches!(self, Json::Object(_))
    }

    /// The same apart from the bytes.
    pub(super) fn to_value(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl<'a> Index<&str> for Json<'a> {
    type Output = Json<'a>;
    fn index(&self, name: &str) -> &Json<'a> {
        self.get(name).unwrap_or(&NULL)
    }
}

impl<'a> Index<usize> for Json<'a> {
    type Output = Json<'a>;
    fn index(&self, at: usize) -> &Json<'a> {
        self.items().get(at).unwrap_or(&NULL)
    }
}

/// As JSON text.
impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => to.serialize_unit(),
            Json::Bool(yes) => to.serialize_bool(*yes),
            Json::Number(number) => number.serialize(to),
            Json::Text(text) => to.serialize_str(text),
            Json::List(items) => to.collect_seq(items),
            Json::Object(fields) => {
                to.collect_map(fields.iter().map(|(name, value)| (name, value)))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Json<'de>, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E: Error>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }
    fn visit_bool<E: Error>(self, yes: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(yes))
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(number.into()))
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(number.into()))
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<Json<'de>, E> {
        Ok(Number::from_f64(number).map_or(Json::Null, Json::Number))
    }
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Json<'de>, A::Error> {
        let mut fields = Vec::with_capacity(8);
        while let Some(name) = object.next_key::<Json<'de>>()? {
            let Json::Text(name) = name else {
                return Err(A::Error::custom("a name that is no text"));
            };
            fields.push((name, object.next_value()?));
        }
        Ok(Json::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn it_reads_what_serde_json_reads() {
        for text in [
            r#"{"a":{"b":[1,-2,3.5,"x",null,true]},"name":"\u00fc\n","":{}}"#,
            r#"[{"gr\u00fc\u00dfe":"🎼"},18446744073709551615,-9223372036854775808,1e300]"#,
            r#""text""#,
            "7",
            "null",
            "[[[[]]]]",
        ] {
            let value: Value = serde_json::from_str(text).unwrap();
            let json: Json<'_> = serde_json::from_str(text).unwrap();
            assert_eq!(json.to_value(), value, "{text}");
            let again: Value = serde_json::from_str(&json.to_string()).unwrap();
            assert_eq!(again, value, "{text}");
        }
        for text in ["", "{", "{\"a\"}", "{7:1}", "[1,]", "x", "{} {}"] {
            assert!(serde_json::from_str::<Json<'_>>(text).is_err(), "{text}");
        }
        let deep = "[".repeat(100_000);
        assert!(serde_json::from_str::<Json<'_>>(&deep).is_err());
    }

    #[test]
    fn what_is_not_there_is_null() {
        let text = r#"{"a":[{"b":"x"}],"n":7,"n":8,"f":1.5,"yes":true}"#;
        let json: Json<'_> = serde_json::from_str(text).unwrap();
        assert_eq!(json.pointer("/a/0/b").and_then(Json::as_str), Some("x"));
        assert_eq!(json["a"][0]["b"].as_str(), Some("x"));
        assert!(matches!(&json["a"][0]["b"], Json::Text(Cow::Borrowed(_))));
        assert_eq!(
            (json["n"].as_u64(), json["f"].as_f64()),
            (Some(8), Some(1.5))
        );
        assert!(json["yes"].is_true() && json.is_object() && json["a"].items().len() == 1);
        assert!(json["a"][1]["b"]["c"].is_null() && json["a"]["x"].is_null());
        for path in ["/a/1/b", "/a/x", "/q", "/n/0"] {
            assert!(json.pointer(path).is_none(), "{path}");
        }
    }
}
