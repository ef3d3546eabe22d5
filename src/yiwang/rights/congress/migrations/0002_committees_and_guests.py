import django.db.models.deletion
import yiwang.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('congress', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Committee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('proposals', '提案小组'), ('contracts', '集体合同小组'), ('safety', '劳动安全卫生小组'), ('women', '女职工小组'), ('pay', '工资福利小组'), ('appraisal', '民主评议小组'), ('mandates', '代表资格审查小组')], max_length=9, verbose_name='哪个小组')),
                ('task', models.CharField(max_length=300, verbose_name='做什么')),
                ('congress', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='committees', to='congress.congress')),
                ('head', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='congress.delegate')),
                ('members', models.ManyToManyField(related_name='committees', to='congress.delegate')),
            ],
            options={
                'verbose_name': '专门小组',
                'constraints': [models.UniqueConstraint(fields=('congress', 'kind'), name='congress_has_one_committee_of_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='Guest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=yiwang.kernel.ids.public_id, editable=False, max_length=10, unique=True)),
                ('name', models.CharField(max_length=60, verbose_name='姓名')),
                ('post', models.CharField(blank=True, max_length=80, verbose_name='单位、职务')),
                ('way', models.CharField(choices=[('observer', '列席'), ('invited', '特邀')], default='observer', max_length=8, verbose_name='列席还是特邀')),
                ('came_at', models.DateTimeField(null=True)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guests', to='congress.session')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('session', 'name'), name='guest_is_asked_once')],
            },
        ),
    ]
