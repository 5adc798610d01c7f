// The smallest site that has what the others have: headings with ids and a search index.
const ID = /\s*\{#([^\s}]+)\}$/;

/** Headings with an id, as in `## Sources {#sources}`. */
function headingIds(md) {
  md.core.ruler.push("heading_ids", ({ tokens }) => {
    tokens.forEach((token, place) => {
      const text = token.type === "heading_open" && tokens[place + 1].children.at(-1);
      const found = text && ID.exec(text.content);
      if (!found) return;
      token.attrSet("id", found[1]);
      text.content = text.content.slice(0, found.index);
    });
  });
}

const LANGUAGES = { "/": "en", "/zh/": "zh" };

export default function (config) {
  config.amendLibrary("md", headingIds);
  config.addGlobalData("layout", "base.njk");
  for (const [root, code] of Object.entries(LANGUAGES)) {
    const mine = (item) => item.url?.startsWith("/zh/") === (code === "zh");
    config.addCollection(code, (all) => all.getAll().filter(mine));
    config.addTemplate(`search.${code}.11ty.js`, {
      data: () => ({
        permalink: `${root}search.json`,
        layout: null,
        eleventyExcludeFromCollections: true,
      }),
      render: ({ collections }) =>
        JSON.stringify({
          docs: collections[code].map(({ url, data, content }) => ({
            location: url,
            title: data.title,
            text: content.replace(/<[^>]*>/g, " ").replace(/\s+/g, " "),
          })),
        }),
    });
  }
  return {
    dir: { input: "content", includes: "../_includes" },
    markdownTemplateEngine: false,
  };
}
