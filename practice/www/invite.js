// The dialog with the QR code of the students' page.

import { copyText } from "./copy.js";
import { byId } from "./dom.js";

const dialog = byId("invite");

byId("show-invite").addEventListener("click", () => {
  byId("code").src = "/live/join.svg";
  const { hostname } = new URL(byId("join-address").textContent);
  byId("only-here").hidden = !/^(localhost|127\..*|\[::1\])$/.test(hostname);
  dialog.showModal();
});
byId("close-invite").addEventListener("click", () => dialog.close());
byId("copy-address").addEventListener("click", () => copyText(byId("join-address"), byId("address-copied")));
