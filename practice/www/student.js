// The students' page.

import { copyText } from "./copy.js";
import { byId } from "./dom.js";

byId("copy-command").addEventListener("click", () => copyText(byId("command"), byId("copied")));
