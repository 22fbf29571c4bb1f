// `npm run screenshots`: makes the pictures of the views in docs/images, with the data of the sandbox.
import { mkdirSync } from 'node:fs';
import { root } from '../../support/documents/documents.ts';
import { AppHost } from './app-host.ts';

const VIEWS = { inbox: 'list_unanswered', performance: 'get_performance' };
const WIDTHS = { wide: 720, narrow: 320 };
const HEIGHT = 640;
const THEMES = ['light', 'dark'] as const;
/** Chromium's default font differs between machines. */
const styles = { variables: { '--font-sans': 'Inter, system-ui, sans-serif' } };

const folder = `${root}docs/images`;
mkdirSync(folder, { recursive: true });
const host = await AppHost.start();
for (const [name, tool] of Object.entries(VIEWS)) {
  for (const [size, width] of Object.entries(WIDTHS)) {
    for (const theme of THEMES) {
      const view = await host.open(tool, {}, { width, height: HEIGHT, context: { theme, styles } });
      if (name === 'inbox') {
        await view.frame.getByRole('button', { name: 'Show thread' }).first().click();
        await view.frame.locator('.thread li').first().waitFor();
        // Without a focus ring around the button.
        await view.frame.locator('h1').click();
      } else {
        await view.frame.locator('polyline').first().waitFor();
      }
      const path = `${folder}/${name}-${theme}-${size}.png`;
      await view.page.screenshot({ path });
      process.stdout.write(`${path}\n`);
    }
  }
}
await host.stop();
