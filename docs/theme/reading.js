// Keyboard access that mdBook lacks: its menu button is a label, and wide code and tables couldn't be
// scrolled.

{
    const toggle = document.getElementById("mdbook-sidebar-toggle");
    toggle.setAttribute("role", "button");
    toggle.tabIndex = 0;
    toggle.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") {
            event.preventDefault();
            toggle.click();
        }
    });

    for (const region of document.querySelectorAll("pre > code, .table-wrapper")) {
        region.tabIndex = 0;
        // In mdBook, the arrow keys turn the page.
        region.addEventListener("keydown", (event) => {
            if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
                event.stopPropagation();
            }
        });
    }

    // Nothing can be opened on paper.
    addEventListener("beforeprint", () => {
        for (const answer of document.querySelectorAll("details")) {
            answer.open = true;
        }
    });
}
