/* The ledger of a brief, filtered by what its own rows say. Without this file it is a plain table. */
"use strict"

// A brief without claims has nothing to filter.
if (document.querySelector(".rb-filters")) {
  const bar = document.querySelector(".rb-filters")
  const table = document.querySelector(".rb-ledger")
  const rows = [...table.querySelectorAll("tr[data-status]")]
  const headings = [...table.querySelectorAll("thead th")].map(cell => cell.textContent)
  const said = element => element.textContent.trim()
  const compare = new Intl.Collator(document.documentElement.lang).compare

  // Every filter: its name in the address, its label, and a row's values with their words.
  const filters = [
    ["section", bar.dataset.heading, row => {
      const group = row.parentElement
      return [[group.dataset.section, said(group.querySelector("th"))]]
    }],
    ["status", headings[1], row => [[row.dataset.status, said(row.cells[1].querySelector(".rb-status")
      .lastChild)]]],
    ["speaker", headings[2], row => [[row.dataset.speaker, said(row.cells[2])]]],
    ["about", headings[3], row => {
      const links = row.cells[3].querySelectorAll("a")
      return row.dataset.about.split(" ").filter(id => id).map((id, at) => [id, said(links[at])])
    }],
  ].map(([name, label, values]) => {
    const select = document.createElement("select")
    const words = new Map(rows.flatMap(values))
    const order = [...words]
    if (name === "speaker" || name === "about") order.sort((a, b) => compare(a[1], b[1]))
    select.append(new Option(bar.dataset.all, ""), ...order.map(([id, word]) => new Option(word, id)))
    const field = document.createElement("label")
    field.append(label, select)
    bar.append(field)
    const ids = new Map(rows.map(row => [row, values(row).map(([id]) => id)]))
    return { name, select, has: row => !select.value || ids.get(row).includes(select.value) }
  })

  const reset = document.createElement("button")
  reset.type = "button"
  reset.textContent = bar.dataset.reset
  const count = document.createElement("output")
  count.setAttribute("aria-live", "polite")
  bar.append(reset, count)

  const show = () => {
    for (const row of rows) row.hidden = !filters.every(filter => filter.has(row))
    for (const group of table.tBodies)
      group.hidden = [...group.querySelectorAll("tr[data-status]")].every(row => row.hidden)
    count.textContent = bar.dataset.shown.replace("{shown}", rows.filter(row => !row.hidden).length)
    reset.disabled = filters.every(filter => !filter.select.value)
  }

  // The address says what is shown, so that it can be shared, reloaded and come back to.
  const write = () => {
    const address = new URL(location)
    for (const { name, select } of filters)
      if (select.value) address.searchParams.set(name, select.value)
      else address.searchParams.delete(name)
    history.replaceState(history.state, "", address)
    show()
  }
  const read = () => {
    const wanted = new URLSearchParams(location.search)
    for (const { name, select } of filters) {
      const known = [...select.options].some(option => option.value === wanted.get(name))
      select.value = known ? wanted.get(name) : ""
    }
    show()
  }

  bar.addEventListener("change", write)
  reset.addEventListener("click", () => {
    for (const { select } of filters) select.value = ""
    filters[0].select.focus() // a button that is disabled would lose the focus
    write()
  })
  addEventListener("popstate", read)
  // The other language opens with the same filter.
  document.addEventListener("click", event => {
    const link = event.target.closest("a[hreflang]")
    if (link) link.search = location.search
  }, true)
  read()
}
