"use strict";
(() => {
  const form = document.getElementById("filter");
  const count = form.querySelector("output");
  const plain = (text) => text.toLowerCase().replace(/\s+/g, " ").trim();
  const items = Array.from(document.querySelectorAll("[data-action]"), (element) => ({
    element,
    link: document.querySelector(`nav [data-of="${element.id}"]`),
    text: plain(element.textContent),
    facets: Object.fromEntries(Object.entries(element.dataset).map(([name, value]) => [name, value.split(" ")])),
  }));
  const apply = () => {
    const wanted = new FormData(form);
    const search = plain(wanted.get("search"));
    let shown = 0;
    for (const { element, link, text, facets } of items) {
      const fits =
        text.includes(search) &&
        Array.from(wanted).every(
          ([name, value]) => name === "search" || value === "" || facets[name].includes(value),
        );
      element.hidden = !fits;
      if (link) link.hidden = !fits;
      shown += fits;
    }
    count.textContent = `${shown} of ${items.length} shown`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
})();
