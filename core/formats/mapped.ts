/** Each value as another one, made when it is asked for. */
export function* mapped<From, To>(
  values: Iterable<From>,
  to: (value: From) => To,
): Generator<To, void> {
  for (const value of values) yield to(value);
}
