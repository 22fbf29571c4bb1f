import type { Company, LeadList, Person, Workspace } from '../model/index.ts';
import { Random } from '../random.ts';
import { DAY } from '../time.ts';
import { inventPerson } from './people.ts';

/** Names and sizes of the lead lists: 600 leads in total, and one empty list. */
const LISTS: [string, number][] = [
  ['Founders, autumn', 140],
  ['Heads of sales', 120],
  ['Agencies', 90],
  ['Fair visitors', 80],
  ['Newsletter readers', 70],
  ['Partners to be', 100],
  ['Emptied list', 0],
];

function inventCompany(random: Random, number: number): Company {
  const name = `${random.pick(['Example', 'Sample', 'Specimen', 'Demo', 'Пример', '示例'])} ${random.pick(['Works', 'Logistics', 'Studio', 'Foods', 'Energy'])} ${number}`;
  return {
    name,
    description: random.chance(0.2)
      ? null
      : `${name} makes ${random.pick(['pumps', 'software', 'lunches', 'batteries'])} for small companies.`,
    industry: random.chance(0.2)
      ? ''
      : random.pick(['Manufacturing', 'Software Development', 'Food and Beverage Services']),
    imageUrl: random.chance(0.4)
      ? null
      : `https://www.example.com/dms/image/company-logo_100_100/0/${random.int(1_600_000_000, 1_760_000_000)}?t=${random.hex(64)}`,
    companySize: random.chance(0.3) ? null : random.pick(['1-10', '11-50', '51-200', '201-500']),
    employeesOnLinkedIn: random.int(0, 480),
    location: random.chance(0.2) ? null : random.pick(['Berlin', 'Porto', 'Leeds', 'Варна']),
    specialities: random.chance(0.5) ? null : 'planning, delivery, after-sales',
    website: random.chance(0.3) ? null : `https://company-${number}.example.com`,
  };
}

/** Adds a lead list with made-up people. */
export function addList(workspace: Workspace, random: Random, name: string, size: number, createdAt: number): LeadList {
  const list: LeadList = {
    id: workspace.nextId.list,
    name,
    listType: 'USER_LIST',
    creationTime: createdAt,
    members: new Map(),
    companies: [],
  };
  workspace.nextId.list += 1 + random.int(0, 40);
  for (let i = 0; i < size; i++) list.members.set(inventPerson(workspace, random).linkedinId, createdAt + i * 1_700);
  workspace.lists.set(list.id, list);
  return list;
}

/** Eight lists. The last list has companies. `knownLead` is first in the first list. */
export function seedLists(workspace: Workspace, seed: number, startAt: number, knownLead: Person): LeadList[] {
  const random = new Random(seed, 'lists');
  const lists = LISTS.map(([name, size], i) => {
    const createdAt = startAt - (90 - i * 4) * DAY + random.int(0, DAY);
    return addList(workspace, random, name, i === 0 ? size - 1 : size, createdAt);
  });
  const first = lists[0]!;
  first.members = new Map([[knownLead.linkedinId, first.creationTime], ...first.members]);
  const companies = addList(workspace, random, 'Target companies', 0, startAt - 30 * DAY);
  companies.listType = 'COMPANY_LIST';
  companies.companies = Array.from({ length: 45 }, (_, i) => inventCompany(random, i + 1));
  return [...lists, companies];
}
