// A client in the browser: downloads the album as the programs do, with one thread and several tasks.

const ALBUM = "/3/album/PdA9Amq/images";

/** The headers of a run, which tell the server what a program's user agent tells it. A page can't
    set its own user agent. */
function headers(workers, name) {
  const run = crypto.getRandomValues(new Uint32Array(1))[0];
  // These characters have a meaning in a user agent, and the function leaves them as they are.
  const encoded = encodeURIComponent(name.toWellFormed()).replace(/[!'()*]/g, (it) => `%${it.charCodeAt(0).toString(16)}`);
  const parts = [`workers=${workers}`, name ? `name=${encoded}` : "", `run=${run}`];
  return { "x-practice-agent": `browser (${parts.filter(Boolean).join("; ")})`, authorization: "Client-ID practice" };
}

/** Downloads the album, `workers` images at a time, and returns what came of it. `onProgress` sees it
    before the first image, and after each one. */
export async function download(workers, name, onProgress) {
  const began = performance.now();
  // The browser's cache would respond if the same image was requested before.
  const options = { cache: "no-store", headers: headers(workers, name) };
  const list = await fetch(ALBUM, options);
  if (!list.ok) throw new Error(`The list of images cannot be read: status ${list.status}.`);
  const paths = (await list.json()).data.map(({ link }) => new URL(link).pathname);
  const result = { images: paths.length, saved: 0, bytes: 0, seconds: 0, errors: [] };
  onProgress(result);

  let next = 0;
  // Each worker takes the next image until there is none. Only one of them runs at a time, and another
  // one can go on at each `await`.
  const worker = async () => {
    while (next < paths.length) {
      const image = await one(paths[next++], options);
      if (image.error) result.errors.push(image.error);
      else result.saved += 1;
      result.bytes += image.bytes ?? 0;
      result.seconds = (performance.now() - began) / 1000;
      onProgress(result);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return result;
}

/** Downloads an image, and returns its bytes or an error. */
async function one(path, options) {
  try {
    const response = await fetch(path, options);
    const { byteLength } = await response.arrayBuffer();
    return response.ok ? { bytes: byteLength } : { error: `status ${response.status}` };
  } catch {
    return { error: "broken connection" };
  }
}
