// Copies texts to the clipboard.

/** Copies the text of an element, and says in `result` whether it did. */
export async function copyText(element, result) {
  const text = element.textContent.trim();
  const isCopied = await navigator.clipboard?.writeText(text).then(() => true, () => false) || copySelected(element);
  result.textContent = isCopied ? "Copied." : "Not copied. Select the text, and copy it by hand.";
}

/** Browsers offer their clipboard only over https and to the same machine. This way works elsewhere. */
function copySelected(element) {
  getSelection().selectAllChildren(element);
  return document.execCommand("copy");
}
