/** العربية: what the server may say to a wish, in plain words. Keys: ../en/server.ts. */
import type { server as english } from '../en/server';
import type { Said } from '../message';

export const server: Said<typeof english> = {
  'told.away': 'لا يمكن الوصول إلى الخادم الآن. حاول مرة أخرى بعد قليل.',
  'told.bad-title': 'العنوان سطر واحد. اكتب عنوانًا.',
  'told.boards-full': 'لا تتسع هذه الطاولة لألواح أخرى.',
  'told.no-such-link': 'هذا الرابط لم يعد يفتح شيئًا هنا.',
  'told.picture-large': 'هذه الصورة كبيرة جدًا. خذ صورة أصغر.',
  'told.picture-unread': 'تعذّرت قراءة هذا الملف كصورة.',
  'told.pictures-full': 'لم يبقَ مكان للصور على هذه الطاولة.',
  'told.no-such-picture': 'هذه الصورة ليست على هذه الطاولة.',
  'told.picture-waits': 'تنتظر الصورة على هذا الجهاز وتتبع وحدها.',
};
