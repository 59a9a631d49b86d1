/** العربية: what is only here, and what did not fit when one came back. Keys: ../en/offline.ts. */
import type { offline as english } from '../en/offline';
import type { Said } from '../message';

export const offline: Said<typeof english> = {
  'status.page': {
    zero: 'لا تغييرات في هذه الصفحة وحدها',
    one: 'تغيير واحد في هذه الصفحة وحدها',
    two: 'تغييران في هذه الصفحة وحدها',
    few: '{count} تغييرات في هذه الصفحة وحدها',
    many: '{count} تغييرًا في هذه الصفحة وحدها',
    other: '{count} تغيير في هذه الصفحة وحدها',
  },
  'status.page.long': {
    zero: 'هذا المتصفح لا يحفظ شيئًا. اترك الصفحة مفتوحة.',
    one: 'هذا المتصفح لا يحفظ شيئًا. اترك الصفحة مفتوحة حتى يُحفظ تغيير واحد.',
    two: 'هذا المتصفح لا يحفظ شيئًا. اترك الصفحة مفتوحة حتى يُحفظ تغييران.',
    few: 'هذا المتصفح لا يحفظ شيئًا. اترك الصفحة مفتوحة حتى تُحفظ {count} تغييرات.',
    many: 'هذا المتصفح لا يحفظ شيئًا. اترك الصفحة مفتوحة حتى يُحفظ {count} تغييرًا.',
    other: 'هذا المتصفح لا يحفظ شيئًا. اترك الصفحة مفتوحة حتى يُحفظ {count} تغيير.',
  },
};
