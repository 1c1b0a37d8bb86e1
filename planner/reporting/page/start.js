"use strict";
/* A page of charts and tables: charts in the language of the page, tables that sort. */

const charts = new Charts(data);

SortedTable.all(data.study);
speech.listen();
speech.onChange.push(() => charts.draw());
address.follow.push(() => charts.draw());
speech.choose(speech.first());
charts.listen();
