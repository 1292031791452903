// What is worked out of a thing that never changes is worked out once, and forgotten with it.
export const once = <Key extends object, Value>(make: (key: Key) => Value): ((key: Key) => Value) => {
  const made = new WeakMap<Key, { value: Value }>();
  return (key) => {
    let known = made.get(key);
    if (known === undefined) made.set(key, (known = { value: make(key) }));
    return known.value;
  };
};

/** The same for a thing and a name: once for each pair. */
export const onceBy = <Key extends object, Name, Value>(
  make: (key: Key, name: Name) => Value,
): ((key: Key, name: Name) => Value) => {
  const byName = once<Key, Map<Name, { value: Value }>>(() => new Map());
  return (key, name) => {
    const names = byName(key);
    let known = names.get(name);
    if (known === undefined) names.set(name, (known = { value: make(key, name) }));
    return known.value;
  };
};
