type Defined<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };

/**
 * Optional keys of parsed inputs may be present as undefined, which exact optional types refuse.
 */
export function withoutUndefined<Value extends object>(value: Value): Defined<Value> {
  return Object.fromEntries(
    Object.entries(value).filter(([, present]) => present !== undefined),
  ) as Defined<Value>;
}
