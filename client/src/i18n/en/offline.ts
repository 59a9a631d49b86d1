/** English: what is only here, and what did not fit when one came back. The source of these keys. */
export const offline = {
  'status.page': {
    one: '{count} change only in this page',
    other: '{count} changes only in this page',
  },
  'status.page.long': {
    one: 'This browser keeps nothing. Leave the page open until {count} change is saved.',
    other: 'This browser keeps nothing. Leave the page open until {count} changes are saved.',
  },
} as const;
