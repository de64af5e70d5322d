// Counts while one writes a rule. Without it the buttons do the same by a round trip.
"use strict";
{
  const PAUSE = 500; // milliseconds of rest before it is counted
  const editor = document.getElementById("rule-editor");
  const form = editor.closest("form");
  const DO = "rule-do";
  let running = null;
  let timer = 0;

  const put = (id, answer) => {
    const fresh = answer.getElementById(id);
    if (fresh) document.getElementById(id).innerHTML = fresh.innerHTML;
  };

  // The line that is read out stays in place, so that a change of it is noticed.
  const putOutcome = (answer) => {
    const said = document.getElementById("rule-said");
    const fresh = answer.getElementById("rule-said");
    if (!said || !fresh) return put("rule-outcome", answer);
    if (said.textContent.trim() !== fresh.textContent.trim()) said.innerHTML = fresh.innerHTML;
    const [old, now] = [said.parentElement, fresh.parentElement];
    for (const part of [...old.children]) if (part !== said) part.remove();
    let isAfter = false;
    for (const part of [...now.children]) {
      if (part === fresh) isAfter = true;
      else if (isAfter) old.append(part);
      else old.insertBefore(part, said);
    }
  };

  const putRows = (answer, held) => {
    put("rule-rows", answer);
    const next = editor.querySelector("#rule-rows [autofocus]") || document.getElementById(held);
    if (next) next.focus();
  };

  const ask = async (what, withRows) => {
    clearTimeout(timer);
    if (running) running.abort();
    running = new AbortController();
    const data = new FormData(form);
    data.set(DO, what);
    const held = document.activeElement ? document.activeElement.id : "";
    editor.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(editor.dataset.preview, {
        method: "POST",
        body: data,
        credentials: "same-origin",
        signal: running.signal,
      });
      if (!response.ok) throw new Error(response.statusText);
      const answer = new DOMParser().parseFromString(await response.text(), "text/html");
      if (withRows) putRows(answer, held);
      putOutcome(answer);
      editor.removeAttribute("aria-busy");
      return true;
    } catch (error) {
      if (error.name === "AbortError") return true;
      editor.removeAttribute("aria-busy");
      return false;
    }
  };

  const isPartOfRule = (field) => field.name && field.name.startsWith("rule-");

  editor.addEventListener("click", async (event) => {
    const button = event.target.closest(`button[name="${DO}"]`);
    if (!button || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (await ask(button.value, button.value !== "count")) return;
    // The server does not answer the script: then as without it.
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: DO, value: button.value });
    form.append(field);
    form.submit();
  });

  editor.addEventListener("change", (event) => {
    // Another question is answered in other ways, so its row is drawn anew.
    if (isPartOfRule(event.target) && event.target.tagName === "SELECT") ask("count", true);
  });

  editor.addEventListener("input", (event) => {
    if (!isPartOfRule(event.target) || event.target.tagName === "SELECT") return;
    clearTimeout(timer);
    timer = setTimeout(() => ask("count", false), PAUSE);
  });
}
