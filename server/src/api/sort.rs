//! The orders of a list: each column both ways, spelled as in the address. One declaration a list.

/// `Up, Down: "column", "-column";` for each column.
macro_rules! sort {
    ($(#[$doc:meta])* $name:ident { $($up:ident, $down:ident: $column:literal, $turned:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name {
            $(#[serde(rename = $column)]
            $up,
            #[serde(rename = $turned)]
            $down,)+
        }

        impl $name {
            /// The column alone, and whether it is turned around.
            pub fn column(self) -> (&'static str, bool) {
                match self {
                    $(Self::$up => ($column, false),
                    Self::$down => ($column, true),)+
                }
            }
        }
    };
}

pub(crate) use sort;
