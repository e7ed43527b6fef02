/**
 * Gives a method that stands in for another one what decorators have attached to that: name, length, own properties and
 * all metadata, so that routes, guards, schedules and whatever else stay. Lists that the stand-in has already, of
 * enhancers, are continued: what it brings comes first.
 */
export function inherit(standIn: Function, original: Function): void {
  const { prototype: _, ...properties } = Object.getOwnPropertyDescriptors(original) as PropertyDescriptorMap;
  Object.defineProperties(standIn, properties);
  for (const key of Reflect.getMetadataKeys(original) as unknown[]) {
    const own: unknown = Reflect.getMetadata(key, standIn);
    const inherited: unknown = Reflect.getMetadata(key, original);
    const isContinued = Array.isArray(own) && Array.isArray(inherited);
    Reflect.defineMetadata(key, isContinued ? [...own, ...inherited] : inherited, standIn);
  }
}
