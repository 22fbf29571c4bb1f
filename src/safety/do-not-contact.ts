/** What is known of a person who is to be contacted. */
export interface ContactDetails {
  profileUrl?: string | null | undefined;
  emailAddress?: string | null | undefined;
  companyName?: string | null | undefined;
  companyDomain?: string | null | undefined;
}

/**
 * The people whom the person who runs the server never wants to contact. An entry is
 * - a domain, which covers e-mail addresses and companies of it and of its subdomains
 * - the name of a company, in any case
 * - the profile URL of a person, in any spelling
 */
export interface DoNotContact {
  /** True where there is no list, or an empty one. */
  readonly isEmpty: boolean;
  /** The entry that covers a person, as it is written in the list. undefined for a person who may be contacted. */
  find(person: ContactDetails): string | undefined;
}
