import axe from 'axe-core';
import type { OpenView } from './app-host.ts';

/** Finds accessibility problems, with all rules of axe. @returns a line per finding. */
export async function findBarriers(view: OpenView): Promise<string[]> {
  if (!(await view.evaluate<boolean>('"axe" in window'))) await view.evaluate(`${axe.source}; undefined`);
  const { violations } = await view.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
    'axe.run({ resultTypes: ["violations"] })',
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
