/** Words in names of time zones that are not written with one capital letter. */
const WORDS =
  'UTC GMT UCT US NZ PRC ROK EST MST HST CET MET EET WET GB CHAT W SU NSW ACT LHI of es au ComodRivadavia DumontDUrville McMurdo';
const SPELLINGS = new Map(WORDS.split(' ').map((word) => [word.toLowerCase(), word]));
const UNIVERSAL = /^(?:(?:Etc\/)?(?:UTC|GMT|UCT|Zulu|Universal|Greenwich)|GMT0|Etc\/GMT0)$/i;
/** Abbreviations that Node knows and IANA does not. Some have several meanings: Node takes BST for Bangladesh. */
const NODE_ONLY =
  /^(?:ACT|AET|AGT|ART|AST|BET|BST|CAT|CNT|CST|CTT|EAT|ECT|IET|IST|JST|MIT|NET|NST|PLT|PNT|PRT|PST|SST|VST|SystemV\/.*)$/i;
/** Abbreviations without daylight saving time. */
const FIXED: Record<string, string> = { EST: 'America/New_York', MST: 'America/Denver', HST: 'Pacific/Honolulu' };

/**
 * The official name of an IANA time zone, whatever its case: `Europe/Berlin` for `europe/berlin`.
 * @returns undefined where no time zone has this name.
 */
export function timeZoneName(name: string): string | undefined {
  const typed = name.trim();
  const resolved = NODE_ONLY.test(typed) ? undefined : resolve(typed);
  if (resolved === undefined || resolved.toLowerCase() === typed.toLowerCase()) return resolved;
  // The name is an alias. Node may resolve it to an older name, such as Asia/Calcutta, so only its case is corrected.
  if (/^[a-z]{3}\d[a-z]{3}$/i.test(typed)) return typed.toUpperCase();
  return typed.replace(/[a-z]+/gi, (word) => SPELLINGS.get(word.toLowerCase()) ?? capitalized(word));
}

/** A warning where a name is probably not the time zone that is meant. */
export function timeZoneWarning(name: string): string[] {
  const official = timeZoneName(name);
  if (official === undefined || UNIVERSAL.test(official) || !/^[A-Z]{3}(?:\d[A-Z]{3})?$/.test(official)) return [];
  const example = FIXED[official] ?? resolve(official);
  const meaning =
    official in FIXED ? 'has no daylight saving time' : 'is an abbreviation, which systems read differently';
  return [`The time zone ${official} ${meaning}. Give the name of a place instead, such as ${example}.`];
}

/** The calendar day of a moment in a time zone, such as `2026-06-01`. */
export function isoDay(moment: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const byType = new Map(parts.formatToParts(moment).map(({ type, value }) => [type, value]));
  return `${byType.get('year')}-${byType.get('month')}-${byType.get('day')}`;
}

function resolve(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function capitalized(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1).toLowerCase();
}
