import type { Account, Workspace } from '../model/index.ts';
import { profileUrlOf } from '../profile-url.ts';

interface Seat {
  firstName: string;
  lastName: string;
  navigator: boolean;
  recruiter?: boolean;
  authIsValid?: boolean;
  invitations: number;
  messages: number;
  cooldown?: boolean;
}

const SEATS: Seat[] = [
  { firstName: 'Grace', lastName: 'Sender', navigator: true, invitations: 25, messages: 40 },
  { firstName: 'Tomás', lastName: 'Remitente', navigator: true, invitations: 20, messages: 30 },
  { firstName: 'Ines', lastName: 'Sender', navigator: false, invitations: 25, messages: 40 },
  { firstName: 'Олег', lastName: 'Отправителев', navigator: true, recruiter: true, invitations: 15, messages: 25 },
  { firstName: 'Mei', lastName: 'Sender', navigator: true, invitations: 18, messages: 35, authIsValid: false },
  { firstName: 'Noor', lastName: 'Sender', navigator: true, invitations: 0, messages: 20, cooldown: true },
];

/** The senders without the option `senders`. */
export const BASIC_SENDERS = SEATS.length;

const MORE_NAMES = ['Ama', 'Björn', 'Chiara', 'Dora', 'Emre', 'Fatou', 'Goran', 'Hana', 'Ilse', 'Jun'];

/** A further sender. Every tenth is logged out, and every third has no Sales Navigator. */
function furtherSeat(i: number): Seat {
  return {
    firstName: MORE_NAMES[i % MORE_NAMES.length]!,
    lastName: `Sender ${i + 1}`,
    navigator: i % 3 !== 0,
    invitations: 15 + (i % 11),
    messages: 30,
    authIsValid: i % 10 !== 0,
  };
}

/** Six senders: one is logged out, one has no Sales Navigator, one is in a LinkedIn cooldown. Further senders follow up to `total`. */
export function seedAccounts(workspace: Workspace, total: number): Account[] {
  return Array.from({ length: total }, (_, i) => {
    const seat = SEATS[i] ?? furtherSeat(i);
    const account: Account = {
      id: 170_001 + i * 137,
      emailAddress: `sender${i + 1}@example.com`,
      firstName: seat.firstName,
      lastName: seat.lastName,
      profileUrl: profileUrlOf(`${seat.firstName}-${seat.lastName}-${170 + i}`.toLowerCase().replaceAll(' ', '-')),
      isActive: true,
      authIsValid: seat.authIsValid ?? true,
      isValidNavigator: seat.navigator,
      isValidRecruiter: seat.recruiter ?? false,
      connectionRequestCooldown: seat.cooldown ?? false,
      connectionNoteCooldown: false,
      inMailCooldown: false,
      searchCooldown: false,
      accountLimits: {
        connectioRequestLimit: seat.invitations,
        connectioRequestMax: 40,
        messageLimit: seat.messages,
        messageLimitMax: 40,
        inMailLimit: 15,
        inMailLimitMax: 40,
        profileViewLimit: 40,
        profileViewLimitMax: 40,
        followLimit: 20,
        followLimitMax: 40,
        postLikeLimit: 20,
        postLikeLimitMax: 40,
      },
    };
    workspace.accounts.set(account.id, account);
    workspace.network.set(account.id, new Map());
    return account;
  });
}
