import { inline, rowLines, SHOWN_ROWS } from './preview.ts';

const LONGEST_URL = 300;

/** A heading with its rows below, of which the first are shown. */
export function titled(title: string, rows: readonly string[]): string[] {
  return rows.length === 0 ? [`${title}: none`] : [`${title}: ${rows.length}`, ...rowLines(rows)];
}

/** The first warnings of very many. */
export function fewWarnings(warnings: readonly string[]): string[] {
  const others = warnings.length - SHOWN_ROWS;
  return others <= 0 ? [...warnings] : [...warnings.slice(0, SHOWN_ROWS), `There are ${others} more warnings.`];
}

type Text = string | null | undefined;

/** A person, as far as known: `Jane Example, Example GmbH — https://www.linkedin.com/in/jane-example`, and as facts. */
export function showPerson(person: { firstName?: Text; lastName?: Text; companyName?: Text; profileUrl?: Text }) {
  const name = inline([person.firstName, person.lastName].filter(Boolean).join(' '));
  const companyName = inline(person.companyName);
  const profileUrl = inline(person.profileUrl, LONGEST_URL);
  const who = [name, companyName].filter(Boolean).join(', ');
  return {
    line: [who, profileUrl].filter(Boolean).join(' — '),
    facts: {
      ...(name === '' ? {} : { name }),
      ...(companyName === '' ? {} : { companyName }),
      ...(profileUrl === '' ? {} : { profileUrl }),
    },
  };
}

/** A sender: `Name (LinkedIn account 1)`, or the number alone where the name is not known. */
export function showSender(account: { firstName?: Text; lastName?: Text } | null | undefined, id: number): string {
  const name = inline([account?.firstName, account?.lastName].filter(Boolean).join(' '));
  return name === '' ? `LinkedIn account ${id}` : `${name} (LinkedIn account ${id})`;
}
