/** Makes it when it is first asked for; `begun` tells whether it was. */
export function once<T>(make: () => Promise<T>): (() => Promise<T>) & { begun(): boolean } {
  let made: Promise<T> | undefined;
  const get = () => {
    made ??= make();
    return made;
  };
  return Object.assign(get, { begun: () => made !== undefined });
}
