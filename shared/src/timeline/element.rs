//! The table of everything that a timeline shows. The terminal, the SVG, the page and the trace use
//! the same rows.

/// A phase of a download, or something that happens at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    /// The request is on its way, or the server is preparing its response.
    Waiting,
    /// The response's body is arriving.
    Receiving,
    /// The thumbnail is being made.
    Thumbnail,
    /// The download backs off before a retry, or waits until a core is free.
    Idle,
    /// An attempt has failed, and another one follows.
    FailedAttempt,
    /// The last attempt has failed.
    GivenUp,
    /// The list of the album's images has arrived.
    Listed,
}

/// A row of the table.
pub struct Look {
    /// Name in a trace and in the terminal's legend.
    pub name: &'static str,
    /// Name in the legend of the SVG and of the page, where there is more room.
    pub legend: &'static str,
    /// Character in the terminal; `None` if the element is not shown there.
    pub sign: Option<char>,
    /// Colour of the sign: the code of an ANSI escape sequence.
    pub ansi: u8,
    /// Colour on a light background.
    pub light: &'static str,
    /// Colour on a dark background.
    pub dark: &'static str,
}

impl Element {
    /// Number of elements that have a duration. They come first in [`Self::ALL`].
    pub const PHASES: usize = 4;

    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Receiving,
        Self::Thumbnail,
        Self::Idle,
        Self::FailedAttempt,
        Self::GivenUp,
        Self::Listed,
    ];

    /// The row of the table. The colours are based on Okabe and Ito's palette for colour-blind
    /// readers, and also differ in lightness; waiting has a contrast of 3:1 with the background. The
    /// live view and the page have the same colours, in `chart.css`. `#hatched` is a pattern of the
    /// SVG.
    #[rustfmt::skip]
    pub fn look(self) -> Look {
        let (name, legend, sign, ansi, light, dark) = match self {
            Self::Waiting       => ("waiting", "waiting for a response", Some('·'), 36, "#4f93bf", "#4b7a98"),
            Self::Receiving     => ("receiving", "receiving", Some('█'), 94, "#005a91", "#56b4e9"),
            Self::Thumbnail     => ("thumbnail", "thumbnail", Some('▒'), 32, "url(#hatched)", "url(#hatched)"),
            Self::Idle          => ("idle", "idle (backoff, or no core is free)", Some('-'), 90, "#8c8c8c", "#8c8c8c"),
            Self::FailedAttempt => ("failed attempt", "failed attempt", Some('!'), 31, "#d55e00", "#ff7a2e"),
            Self::GivenUp       => ("given up", "given up", Some('x'), 31, "#d55e00", "#ff7a2e"),
            Self::Listed        => ("listed", "list of images received", None, 0, "#555555", "#b4b9c0"),
        };
        Look { name, legend, sign, ansi, light, dark }
    }

    /// The element's CSS class.
    pub fn class(self) -> String {
        self.look().name.replace(' ', "-")
    }
}
