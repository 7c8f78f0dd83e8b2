//! Weekdays and civil times as catalogs write them: "MTWRF", "08:00 AM", "ARRANGED".

use chrono::NaiveTime;

const LETTERS: &[u8; 7] = b"MTWRFSU";
const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// "MWF" as a mask whose bit 0 is Monday; any order, no letter twice. Empty text is no day.
pub fn days(text: &str) -> Option<u8> {
    text.bytes().try_fold(0u8, |mask, letter| {
        let bit = 1 << LETTERS.iter().position(|known| *known == letter)?;
        (mask & bit == 0).then_some(mask | bit)
    })
}

/// "08:00 AM", "8:00 am", "12:30 PM".
pub fn time(text: &str) -> Option<NaiveTime> {
    let (clock, half) = text.split_once(' ')?;
    let (hour, minute) = clock.split_once(':')?;
    let number = |part: &str, lengths: std::ops::RangeInclusive<usize>| -> Option<u32> {
        (lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
    };
    let (hour, minute) = (number(hour, 1..=2)?, number(minute, 2..=2)?);
    if !(1..=12).contains(&hour) {
        return None;
    }
    let noon = match half.to_ascii_uppercase().as_str() {
        "AM" => 0,
        "PM" => 12,
        _ => return None,
    };
    NaiveTime::from_hms_opt(hour % 12 + noon, minute, 0)
}

/// "Mon Wed Fri"; empty for no day.
pub fn day_names(mask: u8) -> String {
    let picked: Vec<&str> = (0..7).filter(|bit| mask & (1 << bit) != 0).map(|bit| NAMES[bit]).collect();
    picked.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{day_names, days, time};
    use chrono::NaiveTime;

    #[test]
    fn days_become_a_mask() {
        assert_eq!(days("MTWRFSU"), Some(0b111_1111));
        assert_eq!(days("TR"), Some(0b1010));
        assert_eq!(days("RT"), Some(0b1010));
        assert_eq!(days(""), Some(0));
        for bad in ["MM", "X", "m", "M W", "MWFX", "é"] {
            assert_eq!(days(bad), None, "{bad:?}");
        }
        assert_eq!(day_names(0b1_0101), "Mon Wed Fri");
    }

    #[test]
    fn times_are_civil() {
        let at = |h, m| NaiveTime::from_hms_opt(h, m, 0);
        assert_eq!(time("08:00 AM"), at(8, 0));
        assert_eq!(time("12:00 AM"), at(0, 0));
        assert_eq!(time("12:30 PM"), at(12, 30));
        assert_eq!(time("9:05 pm"), at(21, 5));
        for bad in ["", "8 AM", "13:00 PM", "00:10 AM", "08:60 AM", "08:00", "08:00AM", "08:0 AM", "+8:00 AM", "ARRANGED"] {
            assert_eq!(time(bad), None, "{bad:?}");
        }
    }
}
