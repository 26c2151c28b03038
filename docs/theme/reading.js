// Keyboard access that mdBook lacks: its menu button is a label, and wide code couldn't be
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
    }
}
