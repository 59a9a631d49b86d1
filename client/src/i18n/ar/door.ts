/** العربية: بلا اسم. */
import type { door as english } from '../en/door';
import type { Said } from '../message';

export const door: Said<typeof english> = {
  'unnamed.heading': 'ورقة بلا اسمك',
  'unnamed.again': 'ورقتك التي بلا اسم',
  'unnamed.text': 'الكلمات',
  'unnamed.where': 'أين',
  'unnamed.where.any': 'حيث يوجد مكان',
  'unnamed.answers': 'ترد على: {what}',
  'unnamed.hint': 'ستصل إلى المفرش بعد قليل من تلقاء نفسها، فلا يعرف أحد من كتبها. هذا الجهاز وحده يعرف أنها لك.',
  'unnamed.put': 'ضعها',
  'unnamed.say': 'قلها هكذا',
  'unnamed.take': 'أبعدها',
  'unnamed.switch': 'بلا اسمي',
  'unnamed.switch.hint': 'تكتب كل ورقة جديدة على انفراد، وتظهر «بلا اسم».',
  'unnamed.waiting': {
    zero: 'لا ورقة بلا اسم تنتظر.',
    one: 'ورقة بلا اسم ستصل إلى المفرش بعد قليل، فلا يعرف أحد من كتبها.',
    two: 'ورقتان بلا اسم ستصلان إلى المفرش واحدة بعد الأخرى، فلا يعرف أحد من كتبهما.',
    few: '{count} أوراق بلا اسم ستصل إلى المفرش واحدة بعد الأخرى، فلا يعرف أحد من كتبها.',
    many: '{count} ورقة بلا اسم ستصل إلى المفرش واحدة بعد الأخرى، فلا يعرف أحد من كتبها.',
    other: '{count} ورقة بلا اسم ستصل إلى المفرش واحدة بعد الأخرى، فلا يعرف أحد من كتبها.',
  },
  'unnamed.callOff': 'استرجعها',
  'unnamed.calledOff': 'استُرجعت. لم تكن على المفرش قط.',
  'unnamed.nobody': 'بلا اسم',
  'unnamed.aNobody': 'شخص بلا اسم',
  'unnamed.asideSoon': 'ورقتك التي بلا اسم ستنتقل إلى الهامش بعد قليل.',
  'unnamed.menu': 'ورقة بلا اسمي',
};
