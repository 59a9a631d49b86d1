/** A message is a text, or one text for each plural form that the language has, chosen by `count`. */

/** One text for each plural form; `other` is always there. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };
export type Message = string | Plural;
/** One area's messages in another language: the keys of the English ones. */
export type Said<English> = Readonly<Record<keyof English, Message>>;
