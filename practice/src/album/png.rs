//! Writes uncompressed PNG files whose pixels index a palette.
//!
//! Without compression, the size of a file follows from its width and height alone, so the API can
//! list it before the picture is painted. PNG libraries compress.
//!
//! Format: <https://www.w3.org/TR/png-3/>; the blocks inside `IDAT`: RFC 1950 and RFC 1951, 3.2.4.

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Max bytes of an uncompressed deflate block.
const BLOCK: usize = 65_535;
/// Bytes of a chunk's length, name and checksum.
const CHUNK: usize = 12;

/// The size in bytes of the file that [`encode`] makes.
pub fn size(width: usize, height: usize) -> usize {
    let data = (width + 1) * height;
    let zlib = 2 + data + 5 * data.div_ceil(BLOCK) + 4;
    SIGNATURE.len() + (CHUNK + 13) + (CHUNK + 3 * 256) + (CHUNK + zlib) + CHUNK
}

/// A PNG file of `pixels` (row after row, one byte each, an index into `palette`).
pub fn encode(width: usize, palette: &[[u8; 3]; 256], pixels: &[u8]) -> Vec<u8> {
    let height = pixels.len() / width;
    let mut file = Vec::with_capacity(size(width, height));
    file.extend_from_slice(SIGNATURE);

    let mut header = Vec::with_capacity(13);
    header.extend_from_slice(&(width as u32).to_be_bytes());
    header.extend_from_slice(&(height as u32).to_be_bytes());
    // Eight bits per pixel, palette colours, the standard compression and filter methods, not
    // interlaced.
    header.extend_from_slice(&[8, 3, 0, 0, 0]);
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"PLTE", palette.as_flattened());

    // Each row starts with the number of its filter: 0, none.
    let mut rows = Vec::with_capacity((width + 1) * height);
    for row in pixels.chunks_exact(width) {
        rows.push(0);
        rows.extend_from_slice(row);
    }
    let mut zlib = vec![0x78, 0x01];
    let last = rows.len().div_ceil(BLOCK) - 1;
    for (number, block) in rows.chunks(BLOCK).enumerate() {
        let length = block.len() as u16;
        zlib.push(u8::from(number == last));
        zlib.extend_from_slice(&length.to_le_bytes());
        zlib.extend_from_slice(&(!length).to_le_bytes());
        zlib.extend_from_slice(block);
    }
    zlib.extend_from_slice(&simd_adler32::adler32(&rows.as_slice()).to_be_bytes());
    chunk(&mut file, *b"IDAT", &zlib);
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    file.extend_from_slice(&(data.len() as u32).to_be_bytes());
    let start = file.len();
    file.extend_from_slice(&name);
    file.extend_from_slice(data);
    let checksum = crc32fast::hash(&file[start..]);
    file.extend_from_slice(&checksum.to_be_bytes());
}
