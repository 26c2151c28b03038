//! The pictures of the albums: hills under a sky, computed from the index of the picture.
//!
//! Each picture is an ordinary PNG file, free of copyright, and the same on every run.

use super::png;
use bytes::Bytes;

/// The number of different pictures. A longer album repeats them under other ids.
pub const COUNT: usize = 40;

/// Palette entries, in palette order: `SKY`, then `SUN`, then `SHADES` for each of `HILLS` hills.
const SKY: usize = 96;
const SUN: usize = 16;
const SHADES: usize = 28;
const HILLS: usize = 5;

/// Colours from the top of the sky to the nearest hill.
struct Scheme {
    top: [u8; 3],
    horizon: [u8; 3],
    sun: [u8; 3],
    near: [u8; 3],
}

const SCHEMES: [Scheme; 8] = [
    scheme(0x0028_4b63, 0x00f4_a259, 0x00ff_f1c1, 0x0012_2b2e),
    scheme(0x003d_5a80, 0x00e0_fbfc, 0x00ff_ffff, 0x0029_3241),
    scheme(0x0035_5070, 0x00e5_6b6f, 0x00ff_d6a5, 0x0022_1e38),
    scheme(0x005f_a8d3, 0x00ca_e9ff, 0x00ff_fbe6, 0x001b_4332),
    scheme(0x0010_0b2e, 0x007b_5ea7, 0x00f6_e7ff, 0x0008_0614),
    scheme(0x00f6_bd60, 0x00f7_ede2, 0x00ff_ffff, 0x0084_3b3b),
    scheme(0x0016_697a, 0x00ff_a62b, 0x00ff_f3d0, 0x0007_3b4c),
    scheme(0x0081_b29a, 0x00f4_f1de, 0x00ff_ffff, 0x003d_405b),
];

const fn scheme(top: u32, horizon: u32, sun: u32, near: u32) -> Scheme {
    const fn rgb(hex: u32) -> [u8; 3] {
        let [_, red, green, blue] = hex.to_be_bytes();
        [red, green, blue]
    }
    Scheme { top: rgb(top), horizon: rgb(horizon), sun: rgb(sun), near: rgb(near) }
}

/// Width and height in pixels, in the ratio 3:2. The files range from 20 to 900 KB.
///
/// The file sizes are spread over a logarithmic scale, with slightly more large files than small
/// ones, and come in no particular order, as in a real album.
pub fn dimensions(index: usize) -> (usize, usize) {
    let golden = (index % COUNT) as f64 * 0.618_034;
    in_ratio(20_600.0 * 42.7_f64.powf(golden.fract().powf(0.78)))
}

/// Width and height in pixels, in the ratio 3:2, of a picture whose file has about this many bytes.
pub fn dimensions_for(bytes: usize) -> (usize, usize) {
    in_ratio(bytes.saturating_sub(png::size(0, 0)) as f64)
}

fn in_ratio(pixels: f64) -> (usize, usize) {
    let height = ((pixels / 1.5).sqrt() as usize).max(2);
    (height * 3 / 2, height)
}

/// The size of the file in bytes, computed without painting the picture.
pub fn size((width, height): (usize, usize)) -> usize {
    png::size(width, height)
}

/// A grey placeholder, like the one that Imgur serves in place of a removed image.
pub fn grey() -> Bytes {
    let (width, height) = (161, 81);
    png::encode(width, &[[0xcc; 3]; 256], &vec![0; width * height]).into()
}

/// The picture of this width and height as a PNG file.
pub fn paint(index: usize, (width, height): (usize, usize)) -> Bytes {
    let index = index % COUNT;
    let mut random = Random(index as u64 + 7);
    let colours = &SCHEMES[index % SCHEMES.len()];
    let ridges: Vec<Vec<usize>> =
        (0..HILLS).map(|hill| ridge(hill, width, height, &mut random)).collect();
    let sun = Sun {
        x: (width as f32 * random.between(0.2, 0.8)) as usize,
        y: (height as f32 * random.between(0.15, 0.38)) as usize,
        radius: (height as f32 * random.between(0.05, 0.12)) as usize,
    };

    let mut pixels = vec![0; width * height];
    for x in 0..width {
        let mut y = 0;
        while y < ridges[0][x] {
            let level = y * (SKY - 2) * 16 / height;
            pixels[y * width + x] = sun.shade(x, y).unwrap_or_else(|| dither(level, x, y));
            y += 1;
        }
        for hill in 0..HILLS {
            let end = ridges.get(hill + 1).map_or(height, |next| next[x]);
            let start = ridges[hill][x];
            while y < end {
                // A hill fades into mist below its ridge.
                let level = ((y - start) * 60 * SHADES / height).min((SHADES - 2) * 16);
                pixels[y * width + x] = (SKY + SUN + hill * SHADES) as u8 + dither(level, x, y);
                y += 1;
            }
        }
    }
    png::encode(width, &palette(colours), &pixels).into()
}

/// For each column, the row at which a hill begins: a sum of three sine waves.
fn ridge(hill: usize, width: usize, height: usize, random: &mut Random) -> Vec<usize> {
    let nearness = hill as f32 / HILLS as f32;
    let middle = 0.48 + 0.45 * nearness;
    let waves: Vec<[f32; 3]> = [(1.3, 0.07), (3.1, 0.03), (9.7, 0.008)]
        .map(|(frequency, size)| {
            [
                frequency * random.between(0.7, 1.4) * (1.6 - nearness),
                size * random.between(0.6, 1.3),
                random.between(0.0, std::f32::consts::TAU),
            ]
        })
        .into();
    (0..width)
        .map(|x| {
            let angle = x as f32 / width as f32 * std::f32::consts::TAU;
            let wave: f32 = waves
                .iter()
                .map(|[frequency, size, phase]| size * (angle * frequency + phase).sin())
                .sum();
            ((middle + wave).clamp(0.0, 1.0) * height as f32) as usize
        })
        .collect()
}

struct Sun {
    x: usize,
    y: usize,
    radius: usize,
}

impl Sun {
    fn shade(&self, x: usize, y: usize) -> Option<u8> {
        let distance = x.abs_diff(self.x).pow(2) + y.abs_diff(self.y).pow(2);
        let full = self.radius.pow(2);
        // The sun has its first shade, which is dithered into its second one near the edge.
        let level = (distance * SUN * 16).saturating_sub(full * (SUN - 3) * 16) / full.max(1) / 3;
        (distance < full).then(|| SKY as u8 + dither(level.min((SUN - 2) * 16), x, y))
    }
}

/// Ordered dithering: picks one of the two nearest shades by a 4×4 pattern. `level` is in
/// sixteenths of a shade.
fn dither(level: usize, x: usize, y: usize) -> u8 {
    const PATTERN: [[usize; 4]; 4] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];
    ((level + PATTERN[y % 4][x % 4]) / 16) as u8
}

fn palette(colours: &Scheme) -> [[u8; 3]; 256] {
    let mut palette = [[0; 3]; 256];
    for (shade, colour) in palette[..SKY].iter_mut().enumerate() {
        // The hills cover the sky below the middle of the picture.
        let down = (shade as f32 / SKY as f32 * 1.8).min(1.0);
        *colour = mix(colours.top, colours.horizon, down);
    }
    for (shade, colour) in palette[SKY..SKY + SUN].iter_mut().enumerate() {
        *colour = mix(colours.sun, colours.horizon, shade as f32 / SUN as f32 * 0.5);
    }
    for hill in 0..HILLS {
        let far = 1.0 - (hill + 1) as f32 / HILLS as f32;
        let ridge = mix(colours.near, colours.horizon, far * 0.75);
        let mist = mix(ridge, colours.horizon, 0.10 + 0.32 * far);
        for shade in 0..SHADES {
            palette[SKY + SUN + hill * SHADES + shade] =
                mix(ridge, mist, shade as f32 / SHADES as f32);
        }
    }
    palette
}

fn mix(from: [u8; 3], to: [u8; 3], part: f32) -> [u8; 3] {
    let blend = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * part) as u8;
    [blend(from[0], to[0]), blend(from[1], to[1]), blend(from[2], to[2])]
}

/// `SplitMix64`: the same numbers on every machine and on every run.
struct Random(u64);

impl Random {
    fn between(&mut self, low: f32, high: f32) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let unit = (bits >> 40) as f32 / (1 << 24) as f32;
        low + (high - low) * unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_announced_size_is_the_size_of_the_file() {
        for index in 0..COUNT {
            for dimensions in [dimensions(index), dimensions_for(2_000)] {
                assert_eq!(paint(index, dimensions).len(), size(dimensions));
            }
        }
    }

    #[test]
    fn a_wanted_size_is_met_to_a_few_percent() {
        for bytes in [1_000, 2_000, 20_000, 400_000] {
            let size = size(dimensions_for(bytes));
            assert!(size.abs_diff(bytes) <= bytes / 20, "{size}, not {bytes}");
        }
    }

    #[test]
    fn the_album_weighs_about_ten_megabytes_in_pictures_of_20_to_900_kb() {
        let sizes: Vec<usize> =
            (0..COUNT).map(|index| paint(index, dimensions(index)).len()).collect();
        assert!(sizes.iter().all(|size| (20_000..=900_000).contains(size)), "{sizes:?}");
        let total: usize = sizes.iter().sum();
        assert!((9_500_000..=10_500_000).contains(&total), "{total}");
    }
}
