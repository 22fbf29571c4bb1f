import { isRecord, type Row } from './data.ts';

/** How the host shows this page. */
export interface Look {
  /** The language of dates and numbers. undefined: that of the browser. */
  locale: string | undefined;
  timeZone: string | undefined;
}

const root = document.documentElement;

/** Applies the colors, fonts and sizes of the host, and reads its language. A host sends changes only. */
export function applyHostContext(context: Row, look: Look): Look {
  const { theme, styles, locale, timeZone, containerDimensions } = context;
  if (theme === 'light' || theme === 'dark') root.style.colorScheme = theme;
  const variables = isRecord(styles) && isRecord(styles.variables) ? styles.variables : {};
  for (const [name, value] of Object.entries(variables)) {
    if (typeof value === 'string' && name.startsWith('--')) root.style.setProperty(name, value);
  }
  // A container of a fixed height scrolls here. Otherwise the page is as high as its content.
  if (isRecord(containerDimensions)) root.classList.toggle('fixed', 'height' in containerDimensions);
  return {
    locale: typeof locale === 'string' && isLocale(locale) ? locale : look.locale,
    timeZone: typeof timeZone === 'string' ? timeZone : look.timeZone,
  };
}

function isLocale(name: string): boolean {
  try {
    return Intl.getCanonicalLocales(name).length > 0;
  } catch {
    return false;
  }
}
