/** Runs tasks side by side, at most `most` at a time. @returns the results in the order of the tasks. */
export async function sideBySide<Task, Result>(
  tasks: readonly Task[],
  most: number,
  run: (task: Task) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < tasks.length; index = next++) results[index] = await run(tasks[index]!);
  };
  await Promise.all(Array.from({ length: Math.min(most, tasks.length) }, worker));
  return results;
}
