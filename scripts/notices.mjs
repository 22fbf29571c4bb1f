import { existsSync, readdirSync, readFileSync } from 'node:fs';

/**
 * The names and licences of all packages in a bundle, as markdown.
 * @param metafile what esbuild says of the bundle.
 * @throws Error when a package ships no licence text.
 */
export function noticesOf(metafile, root) {
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter((input) => inputs[input].bytesInOutput > 0 && !input.startsWith('esm-face:')),
  );
  const folders = inputs.flatMap((input) => /^((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []);
  const packages = [...new Set(folders)].map((folder) => describePackage(`${root}${folder}`, root));
  packages.sort((a, b) => a.title.localeCompare(b.title));
  const sections = packages.map(({ title, texts }) => `## ${title}\n\n${texts.map(quote).join('\n\n')}\n`);
  return `# Third-party notices\n\nThe files in this folder contain code of these packages.\n\n${sections.join('\n')}`;
}

function describePackage(folder, root) {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const shipped = readdirSync(folder).filter((file) => /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i.test(file));
  // The text of a package whose repository has it and whose archive does not.
  const kept = `${root}scripts/licences/${name.replace('/', '+')}.txt`;
  const files = shipped.length > 0 || !existsSync(kept) ? shipped.map((file) => `${folder}/${file}`) : [kept];
  if (files.length === 0) throw new Error(`${name} ships no licence text: its terms cannot be passed on`);
  return {
    title: `${name} ${version} (${license})`,
    texts: files.sort().map((file) => readFileSync(file, 'utf8').trim()),
  };
}

/** A fence that the text does not contain. */
function quote(text) {
  const fence = '`'.repeat(Math.max(3, ...(text.match(/`+/g) ?? []).map(({ length }) => length + 1)));
  return `${fence}\n${text}\n${fence}`;
}
