//! The accent of an institution: a hue is chosen, lightness is computed, so that every hue can be read. And a monogram, which stands
//! for its logo.

/// Chroma of the accent in the dark and the light theme: what the design's own accent has.
const DARK_CHROMA: f64 = 0.105;
const LIGHT_CHROMA: f64 = 0.085;
/// WCAG 2.2 AA for text, with a little to spare for rounding to 8 bits.
const CONTRAST: f64 = 4.6;
/// The lightest ground an accent stands on in the dark theme (`--accent-wash`), and the darkest in the light theme.
const DARK_GROUND: (f64, f64) = (0.285, 0.040);
const LIGHT_GROUND: (f64, f64) = (0.945, 0.028);

/// The custom properties that a hue decides.
pub fn stylesheet(hue: i16) -> String {
    let hue = f64::from(hue);
    let dark = lightness(hue, DARK_CHROMA, DARK_GROUND, 0.790, 0.005);
    let light = lightness(hue, LIGHT_CHROMA, LIGHT_GROUND, 0.475, -0.005);
    format!(
        ":root{{--accent-hue:{hue}}}\n[data-theme=\"dark\"]{{--accent:oklch({dark:.3} {DARK_CHROMA} {hue})}}\n\
         [data-theme=\"light\"]{{--accent:oklch({light:.3} {LIGHT_CHROMA} {hue})}}\n"
    )
}

/// The institution's initials on its accent: white on the light theme's accent, which reads on any ground. Presentation attributes
/// alone, because our own policy would refuse styles inside.
pub fn monogram(short_name: &str, hue: i16) -> String {
    let hue = f64::from(hue);
    let ground = srgb(lightness(hue, LIGHT_CHROMA, LIGHT_GROUND, 0.475, -0.005), LIGHT_CHROMA, hue);
    let letters = initials(short_name);
    let size = match letters.chars().count() {
        0 | 1 => 20,
        2 => 15,
        _ => 11,
    };
    let letters = html_escape::encode_text(&letters);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><rect width=\"32\" height=\"32\" rx=\"7\" fill=\"{ground}\"/>\
         <text x=\"16\" y=\"16.5\" font-family=\"system-ui, sans-serif\" font-size=\"{size}\" font-weight=\"600\" \
         text-anchor=\"middle\" dominant-baseline=\"central\" fill=\"#fff\">{letters}</text></svg>\n"
    )
}

/// "PEC" stays whole; of other names one or two initials.
fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [word] if (2..=3).contains(&word.chars().count()) && !word.chars().any(char::is_lowercase) => (*word).to_owned(),
        words => words.iter().filter_map(|word| word.chars().next()).take(2).flat_map(char::to_uppercase).collect(),
    }
}

/// From the design's lightness on, step by step away from the ground until the accent can be read on it.
fn lightness(hue: f64, chroma: f64, ground: (f64, f64), start: f64, step: f64) -> f64 {
    let ground = luminance(ground.0, ground.1, hue);
    let mut lightness = start;
    while contrast(luminance(lightness, chroma, hue), ground) < CONTRAST && (0.1..=0.99).contains(&lightness) {
        lightness += step;
    }
    lightness
}

fn contrast(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Relative luminance of an OKLCH color.
fn luminance(lightness: f64, chroma: f64, hue: f64) -> f64 {
    let [red, green, blue] = linear(lightness, chroma, hue);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// For programs that draw icons and may not know OKLCH.
fn srgb(lightness: f64, chroma: f64, hue: f64) -> String {
    let [red, green, blue] = linear(lightness, chroma, hue).map(|value| {
        let shown = if value <= 0.003_130_8 { 12.92 * value } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 };
        (shown * 255.0).round() as u8
    });
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Linear sRGB of an OKLCH color, clipped as a screen does (Ottosson's matrices).
fn linear(lightness: f64, chroma: f64, hue: f64) -> [f64; 3] {
    let (a, b) = (chroma * hue.to_radians().cos(), chroma * hue.to_radians().sin());
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    let red = 4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s;
    let green = -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s;
    let blue = -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s;
    [red.clamp(0.0, 1.0), green.clamp(0.0, 1.0), blue.clamp(0.0, 1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_and_black_are_where_they_should_be() {
        assert!((luminance(1.0, 0.0, 0.0) - 1.0).abs() < 1e-3);
        assert!(luminance(0.0, 0.0, 0.0).abs() < 1e-6);
        assert!((contrast(1.0, 0.0) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn every_hue_can_be_read_in_both_themes() {
        for hue in 0..360 {
            let hue = f64::from(hue);
            let dark = lightness(hue, DARK_CHROMA, DARK_GROUND, 0.790, 0.005);
            let light = lightness(hue, LIGHT_CHROMA, LIGHT_GROUND, 0.475, -0.005);
            assert!(
                contrast(luminance(dark, DARK_CHROMA, hue), luminance(DARK_GROUND.0, DARK_GROUND.1, hue)) >= 4.5,
                "dark {hue}"
            );
            assert!(
                contrast(luminance(light, LIGHT_CHROMA, hue), luminance(LIGHT_GROUND.0, LIGHT_GROUND.1, hue)) >= 4.5,
                "light {hue}"
            );
            // Text on the accent itself: near-white in the light theme, near-black in the dark.
            assert!(contrast(luminance(light, LIGHT_CHROMA, hue), luminance(0.99, 0.005, hue)) >= 4.5, "ink on light {hue}");
            assert!(contrast(luminance(dark, DARK_CHROMA, hue), luminance(0.18, 0.03, hue)) >= 4.5, "ink on dark {hue}");
        }
    }

    #[test]
    fn the_stylesheet_names_the_hue() {
        assert!(stylesheet(188).starts_with(":root{--accent-hue:188}"));
    }

    #[test]
    fn colors_for_icons_are_what_screens_show() {
        for (color, shown) in
            [((1.0, 0.0, 0.0), "#ffffff"), ((0.0, 0.0, 0.0), "#000000"), ((0.627_96, 0.257_68, 29.234), "#ff0000")]
        {
            assert_eq!(srgb(color.0, color.1, color.2), shown);
        }
    }

    #[test]
    fn a_monogram_is_drawn_from_the_name_and_holds_no_markup_of_it() {
        for (name, letters) in [
            ("PEC", "PEC"),
            ("Chandigarh", "C"),
            ("North Gate University", "NG"),
            ("st. xavier's", "SX"),
            ("École", "É"),
            ("चंडीगढ़", "च"),
            ("<b>&\"'", "B"),
            ("…", ""),
        ] {
            assert_eq!(initials(name), letters, "{name}");
        }
        let svg = monogram("<script>alert(1)</script> &amp;", 188);
        assert!(svg.starts_with("<svg ") && svg.contains(">SA</text>"), "{svg}");
        for refused in ["script", "style", "href", "&"] {
            assert!(!svg.contains(refused), "{refused}");
        }
    }
}
