import { describe, expect, test } from 'vitest';
import { overallStrategy, planStrategies } from '../../../../src/workflows/contacted/contact-plan.ts';
import { CHECKS } from '../../../../src/workflows/people-index/index-starts.ts';

const asks = (people: number) => ({ campaigns: people, lists: people, conversations: people, blacklist: people });
const INDEX = { fedLists: 40, allLists: 117, conversations: 50, blacklist: 2 };
const all = { checks: CHECKS, isExact: false };

describe('the strategies of a check', () => {
  test.each([
    // One read of the lists serves the campaigns and the lists.
    [5_000, 'index', 'index', 'index', 'index'],
    [77, 'index', 'index', 'index', 'index'],
    [76, 'index', 'each_person', 'index', 'index'],
    [49, 'index', 'each_person', 'each_person', 'index'],
    [39, 'each_person', 'each_person', 'each_person', 'index'],
    [1, 'each_person', 'each_person', 'each_person', 'each_person'],
  ])('of %i people', (people, campaigns, lists, conversations, blacklist) => {
    expect(planStrategies(INDEX, asks(people), all)).toEqual({ campaigns, lists, conversations, blacklist });
  });

  test("asks for each person's campaigns if they must be exact", () => {
    const ways = planStrategies(INDEX, asks(5_000), { ...all, isExact: true });
    expect(ways).toEqual({ campaigns: 'each_person', lists: 'index', conversations: 'index', blacklist: 'index' });
    expect(overallStrategy(ways)).toBe('mixed');
  });

  test('asks for each person if the lists do not fit into an index', () => {
    const ways = planStrategies({ ...INDEX, allLists: Number.POSITIVE_INFINITY }, asks(5_000), all);
    expect(ways).toMatchObject({ campaigns: 'index', lists: 'each_person' });
  });

  test('plans only the requested checks', () => {
    const ways = planStrategies(INDEX, asks(45), { checks: ['campaigns', 'blacklist'], isExact: false });
    expect(ways).toEqual({ campaigns: 'index', lists: undefined, blacklist: 'index' });
    expect(overallStrategy(ways)).toBe('index');
  });

  test('counts no request for known answers', () => {
    expect(overallStrategy(planStrategies(INDEX, asks(0), all))).toBe('each_person');
    expect(
      overallStrategy(planStrategies({ fedLists: 0, allLists: 0, conversations: 0, blacklist: 0 }, asks(9), all)),
    ).toBe('index');
  });
});
