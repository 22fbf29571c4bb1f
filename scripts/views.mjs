// The views of MCP Apps: each is one HTML file with its script and style in it, because a view may load nothing.
import { build } from 'esbuild';

const VIEWS = { inbox: 'Waiting for a reply', performance: 'Performance' };

/** Builds the views. @returns the text of each file by its name. */
export async function buildViews(root) {
  const files = await Promise.all(
    Object.entries(VIEWS).map(async ([name, title]) => [`view-${name}.html`, await buildView(root, name, title)]),
  );
  return Object.fromEntries(files);
}

async function buildView(root, name, title) {
  const folder = `${root}src/apps/views/`;
  const { outputFiles } = await build({
    stdin: {
      contents: `import './shared/style.css'; import './${name}/${name}.css'; import './${name}/${name}.ts';`,
      resolveDir: folder,
    },
    bundle: true,
    minify: true,
    charset: 'utf8',
    format: 'iife',
    // Hosts on Electron have older browsers.
    target: 'chrome123',
    legalComments: 'none',
    outdir: folder,
    write: false,
    logLevel: 'warning',
  });
  const textOf = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text.trim();
  // The server writes the names of its tools into data-tools.
  return [
    '<!doctype html><html lang="en" data-tools=""><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title><style>${textOf('.css')}</style></head>`,
    `<body><script>${textOf('.js').replaceAll('</script', '<\\/script')}</script></body></html>\n`,
  ].join('');
}
