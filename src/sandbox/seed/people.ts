import type { Person, Workspace } from '../model/index.ts';
import { profileUrlOf } from '../profile-url.ts';
import type { Random } from '../random.ts';

// All people are made up: the surnames mean "example" in several languages.
const LATIN = [
  'Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Donald', 'Radia', 'Ken', 'Frances', 'Dennis', 'Margaret', 'Niklaus',
  'Hedy', 'Claude', 'Katherine', 'John', 'Adele', 'Tim', 'Sophie', 'Leslie', 'Anita', 'Vint', 'Karen', 'Linus',
  'Shafi', 'Silvio', 'Evelyn', 'Guido', 'Joan', 'Bjarne', 'Mary', 'Yukihiro', 'Lynn', 'Brian', 'Carol', 'Peter',
]; // biome-ignore format: names in rows
const SURNAMES = ['Example', 'Sample', 'Specimen', 'Placeholder', 'Demonstration', 'Fictional', 'Template', 'Testcase'];
const ACCENTED: [string, string][] = [
  ['Zoë', 'Exemple'], ['José', 'Ejemplo'], ['Jörg', 'Müster'], ['Chloé', 'Spécimen'], ['Łukasz', 'Przykład'],
  ['Åsa', 'Exempel'], ['Iñigo', 'Muestra'], ['Şebnem', 'Örnek'],
]; // biome-ignore format: as above
const FOREIGN: [string, string][] = [
  ['Анна', 'Примерова'], ['Иван', 'Образцов'], ['Ольга', 'Шаблонова'], ['示例', '李'], ['样本', '王'], ['模板', '陈'],
  ['سارة', 'مثال'], ['يوسف', 'نموذج'], ['花子', '見本'], ['철수', '예시'],
]; // biome-ignore format: as above

const COMPANIES = [
  'Example Ltd',
  'Sample & Sons',
  'Placeholder GmbH',
  'Specimen Labs',
  'Demo Works',
  'Fictional Freight',
  'Пример ООО',
  '示例科技',
];
const POSITIONS = [
  'Founder',
  'Head of Sales',
  'Operations Lead',
  'Analyst',
  'Managing Director',
  'Marketing Manager',
  'Partner',
  'Engineer',
];
const LOCATIONS = [
  'London',
  'Berlin, Germany',
  'Lisbon Metropolitan Area',
  'Sofia',
  'Toronto, Ontario, Canada',
  'Київ',
  '上海',
  'دبي',
];
const INDUSTRIES = [
  'Software Development',
  'Logistics',
  'Advertising Services',
  'Education',
  'Machinery Manufacturing',
];
const MOTTOS = [
  'helping small teams plan less and finish more',
  'ex-agency, now in-house and never looking back',
  'I write about pricing, people and patience',
  'speaker, reader, runner 🏃',
  'building tools for people who hate tools',
  'always happy to talk about supply chains over coffee ☕',
];

function headlineOf(random: Random, position: string, company: string): string | null {
  const kind = random.next();
  if (kind < 0.08) return null;
  if (kind < 0.14) return '';
  let text = `${position} at ${company}`;
  if (kind > 0.5) text += ` | ${random.pick(MOTTOS)}`;
  if (kind > 0.85) text += ` | ${random.pick(MOTTOS)} | ${random.pick(MOTTOS)}`;
  return text.slice(0, 200);
}

function imageOf(random: Random): string | null {
  if (random.chance(0.25)) return null;
  const token = random.hex(64);
  return `https://www.example.com/dms/image/v2/profile-displayphoto-shrink_100_100/0/${random.int(1_600_000_000, 1_760_000_000)}?e=2147483647&v=beta&t=${token}`;
}

function historyOf(random: Random, company: string, position: string): { experiences: string; education: string } {
  if (random.chance(0.5)) return { experiences: '[]', education: '[]' };
  const from = random.int(2005, 2022);
  return {
    experiences: JSON.stringify([{ companyName: company, title: position, startDate: `${from}-03-01`, endDate: null }]),
    education: JSON.stringify([
      { schoolName: 'Example University', degree: 'MSc', startYear: from - 6, endYear: from - 1 },
    ]),
  };
}

/** A first and last name. About every fifth name is not plain ASCII. */
function nameOf(random: Random): [string, string] {
  const kind = random.next();
  if (kind < 0.1) return random.pick(ACCENTED);
  if (kind < 0.2) return random.pick(FOREIGN);
  return [random.pick(LATIN), random.pick(SURNAMES)];
}

/** Puts a person into the workspace. */
export function addPerson(workspace: Workspace, person: Person): Person {
  workspace.people.set(person.linkedinId, person);
  workspace.slugs.set(person.slug.toLowerCase(), person.linkedinId);
  return person;
}

/** The ids of the next person. */
export function nextIdentity(
  workspace: Workspace,
  random: Random,
  slug: string,
): Pick<Person, 'linkedinId' | 'profileId' | 'slug' | 'profileUrl'> {
  const number = workspace.nextId.person++;
  return {
    linkedinId: String(number),
    profileId: `ACoAA${random.hex(6).toUpperCase()}${number}Example${random.hex(14)}`,
    slug,
    profileUrl: profileUrlOf(slug),
  };
}

/** Makes up a person. `identity` is for the well-known lead. */
export function inventPerson(
  workspace: Workspace,
  random: Random,
  identity?: { firstName: string; lastName: string; slug: string },
): Person {
  const [firstName, lastName] = identity ? [identity.firstName, identity.lastName] : nameOf(random);
  const base = `${firstName}-${lastName}`.toLowerCase().replaceAll(/[\s']/g, '-');
  let slug = identity?.slug ?? `${base}-${random.hex(4)}`;
  while (workspace.slugs.has(slug)) slug = `${base}-${random.hex(6)}`;
  const company = random.pick(COMPANIES);
  const position = random.pick(POSITIONS);
  const mailName = /^[\x20-\x7e]+$/.test(base) ? slug : `lead-${random.hex(6)}`;
  const { linkedinId, profileId, profileUrl } = nextIdentity(workspace, random, slug);
  // Without spread objects: in a literal of this size they take node fifty times as long.
  const person: Person = {
    linkedinId,
    profileId,
    slug,
    profileUrl,
    firstName,
    lastName,
    headline: headlineOf(random, position, company),
    imageUrl: imageOf(random),
    location: random.chance(0.1) ? null : random.pick(LOCATIONS),
    companyName: random.chance(0.06) ? null : company,
    companyUrl: random.chance(0.6) ? null : 'https://www.linkedin.com/company/example-ltd',
    position: random.chance(0.06) ? '' : position,
    about: random.chance(0.6)
      ? null
      : `${firstName} works on ${random.pick(INDUSTRIES).toLowerCase()}.\n${random.pick(MOTTOS)}.`,
    summary: random.chance(0.5) ? '' : null,
    industry: random.chance(0.4) ? null : random.pick(INDUSTRIES),
    connections: random.chance(0.8) ? 0 : random.int(40, 900),
    followers: random.chance(0.8) ? 0 : random.int(40, 4_000),
    emailAddress: random.chance(0.7) ? null : `${mailName}@example.com`,
    enrichedEmailAddress: null,
    customEmailAddress: random.chance(0.95) ? null : `direct.${mailName}@example.com`,
    emailEnrichments: [],
    experiences: '[]',
    education: '[]',
    openProfile: false,
    tags: [],
    autoTags: [],
    customFields: [],
  };
  Object.assign(person, historyOf(random, company, position));
  person.openProfile = random.chance(0.35);
  if (random.chance(0.3)) {
    person.customFields.push({ name: 'favorite_color', value: random.pick(['blue', 'green', 'зелёный']) });
  }
  return addPerson(workspace, person);
}
