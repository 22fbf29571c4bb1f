import { domainToASCII } from 'node:url';
import { identityOf } from '../lib/linkedin-url.ts';
import { FileReadError, readSmallFile } from '../lib/read-small-file.ts';
import { foldText } from '../lib/text-format.ts';
import type { ContactDetails, DoNotContact } from './do-not-contact.ts';

const COMPANY = /^company:\s*(.*)$/is;
const DOMAIN = /^(?:[a-z0-9_](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;

interface Entries {
  /** The written entry by comparison key. */
  people: Map<string, string>;
  companies: Map<string, string>;
  domains: Map<string, string>;
}

/**
 * Reads a do-not-contact list. Each line is a domain, `company: Example Ltd`, or the profile URL of a person. `#` starts a comment,
 * and empty lines are skipped.
 * @throws FileReadError for a line that is none of these, with its number.
 */
function parseEntries(text: string): Entries {
  const entries: Entries = { people: new Map(), companies: new Map(), domains: new Map() };
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = raw.replace(/(?:^|\s)#.*$/, '').trim();
    if (line === '') continue;
    const company = COMPANY.exec(line)?.[1];
    const person = identityOf(/linkedin\.com/i.test(line) ? line : undefined);
    const domain = domainOf(line);
    if (company !== undefined && foldText(company) !== '') entries.companies.set(foldText(company), line);
    else if (person !== undefined) entries.people.set(person, line);
    else if (company === undefined && domain !== undefined && !/linkedin\.com/.test(domain)) {
      entries.domains.set(domain, line);
    } else {
      throw new FileReadError(`line ${index + 1} must be a domain, "company: Name" or the profile URL of a person`);
    }
  }
  return entries;
}

/** The entry that covers a person: by profile, by the domain of the e-mail address or company, or by the company's name. */
function findIn({ people, companies, domains }: Entries, person: ContactDetails): string | undefined {
  const { profileUrl, emailAddress, companyName, companyDomain } = person;
  const ofDomain = (domain: string | undefined) => {
    // An entry covers its subdomains.
    for (let suffix = domain; suffix?.includes('.'); suffix = suffix.slice(suffix.indexOf('.') + 1)) {
      const entry = domains.get(suffix);
      if (entry !== undefined) return entry;
    }
    return undefined;
  };
  return (
    people.get(identityOf(profileUrl) ?? '') ??
    ofDomain(domainOf(emailAddress?.slice(emailAddress.lastIndexOf('@') + 1))) ??
    ofDomain(domainOf(companyDomain)) ??
    companies.get(foldText(companyName ?? ''))
  );
}

/** The host of a domain or a web address, without `www`. */
function domainOf(text: string | null | undefined): string | undefined {
  const host = (text ?? '')
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/[/?#:].*$/s, '')
    .replace(/^www\./, '')
    .replace(/\.$/, '');
  const ascii = host.length > 253 ? '' : domainToASCII(host);
  return DOMAIN.test(ascii) ? ascii : undefined;
}

/** The list of HEYREACH_DO_NOT_CONTACT, which can be read again. */
export class DoNotContactFile implements DoNotContact {
  readonly #path: string;
  #entries: Entries = { people: new Map(), companies: new Map(), domains: new Map() };

  constructor(path: string) {
    this.#path = path;
  }

  get isEmpty(): boolean {
    const { people, companies, domains } = this.#entries;
    return people.size + companies.size + domains.size === 0;
  }

  find(person: ContactDetails): string | undefined {
    return findIn(this.#entries, person);
  }

  /** Reads the file again. @returns the number of entries. @throws FileReadError, and then the previous entries stay. */
  async reload(): Promise<number> {
    const entries = parseEntries(await readSmallFile(this.#path));
    this.#entries = entries;
    return entries.people.size + entries.companies.size + entries.domains.size;
  }
}
