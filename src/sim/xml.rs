//! The answers' XML: a tree that actions build and faults may edit before it is written.

use std::borrow::Cow;
use std::fmt::Display;

use quick_xml::escape::escape;

/// An element: a name, and either text or further elements.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    name: Cow<'static, str>,
    namespace: Option<&'static str>,
    content: Content,
}

#[derive(Clone, Debug, PartialEq)]
enum Content {
    Text(String),
    Children(Vec<Element>),
}

impl Element {
    /// An element that holds text.
    pub fn text(name: impl Into<Cow<'static, str>>, text: impl Display) -> Self {
        Self { name: name.into(), namespace: None, content: Content::Text(text.to_string()) }
    }

    /// An element that holds others, possibly none.
    pub fn group(name: impl Into<Cow<'static, str>>, children: Vec<Element>) -> Self {
        Self { name: name.into(), namespace: None, content: Content::Children(children) }
    }

    /// The element with a default namespace.
    pub(crate) fn in_namespace(mut self, namespace: &'static str) -> Self {
        self.namespace = Some(namespace);
        self
    }

    /// Replaces the text of every element of that name below this one, or removes them all.
    pub fn edit(&mut self, name: &str, text: Option<&str>) {
        let Content::Children(children) = &mut self.content else { return };
        if text.is_none() {
            children.retain(|child| child.name != name);
        }
        for child in children {
            match text {
                Some(text) if child.name == name => child.content = Content::Text(text.to_owned()),
                _ => child.edit(name, text),
            }
        }
    }

    /// Puts an element into the first child of this one, in place of an earlier one of its name.
    pub fn put_in_first(&mut self, element: Element) {
        if let Content::Children(children) = &mut self.content
            && let Some(Element { content: Content::Children(inner), .. }) = children.first_mut()
        {
            inner.retain(|child| child.name != element.name);
            inner.push(element);
        }
    }

    /// The document with this element as its root.
    pub(crate) fn to_document(&self) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        self.write(&mut out);
        out.push('\n');
        out
    }

    fn write(&self, out: &mut String) {
        out.extend(["<", &self.name]);
        if let Some(namespace) = self.namespace {
            out.extend([" xmlns=\"", &escape(namespace), "\""]);
        }
        out.push('>');
        match &self.content {
            Content::Text(text) => out.push_str(&escape(text.as_str())),
            Content::Children(children) => children.iter().for_each(|child| child.write(out)),
        }
        out.extend(["</", &self.name, ">"]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        let element = Element::group("A", vec![Element::text("B", "<&\"'>")]).in_namespace("urn:x");
        assert!(
            element.to_document().ends_with("<A xmlns=\"urn:x\"><B>&lt;&amp;&quot;&apos;&gt;</B></A>\n"),
            "{}",
            element.to_document()
        );
    }

    #[test]
    fn an_edit_reaches_every_element_of_its_name() {
        let leaf = || Element::group("L", vec![Element::text("P", 7), Element::text("Q", 1)]);
        let mut tree = Element::group("T", vec![leaf(), leaf()]);
        tree.edit("P", Some("-1"));
        tree.edit("Q", None);
        let one = "<L><P>-1</P></L>";
        assert!(tree.to_document().contains(&format!("<T>{one}{one}</T>")));
    }
}
