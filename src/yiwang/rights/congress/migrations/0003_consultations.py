import django.db.models.deletion
import uuid
import yiwang.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('congress', '0002_committees_and_guests'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=yiwang.kernel.ids.public_id, editable=False, max_length=10, unique=True)),
                ('subject', models.CharField(choices=[('pay', '计件单价和报酬'), ('commission', '抽成比例'), ('orders', '订单分配'), ('hours', '工作时间和休息'), ('times', '时间预估和路线规划'), ('appraisal', '考核和奖惩'), ('entry', '进入和退出平台')], max_length=10, verbose_name='协商什么')),
                ('title', models.CharField(max_length=120, verbose_name='规则或参数的名称')),
                ('meaning', models.TextField(max_length=1000, verbose_name='用大白话说，它管什么')),
                ('current', models.TextField(max_length=1000, verbose_name='现在怎么定')),
                ('proposed', models.TextField(max_length=1000, verbose_name='想改成怎样')),
                ('effect', models.TextField(max_length=1000, verbose_name='对收入和时间有什么影响')),
                ('state', models.CharField(choices=[('collecting', '正在听大家的意见'), ('talking', '正在协商'), ('agreed', '谈好了，等代表表决'), ('in_force', '生效'), ('ended', '没有谈成')], default='collecting', max_length=10, verbose_name='状态')),
                ('begun_on', models.DateField()),
                ('agreement', models.TextField(blank=True, max_length=5000, verbose_name='谈好的文字')),
                ('published_on', models.DateField(null=True)),
                ('effective_on', models.DateField(null=True, verbose_name='从哪天起执行')),
                ('end_reason', models.CharField(blank=True, max_length=300, verbose_name='为什么没有谈成')),
                ('congress', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='congress.congress')),
                ('item', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consultation', to='congress.agendaitem')),
            ],
            options={
                'verbose_name': '规则和算法协商',
            },
        ),
        migrations.CreateModel(
            name='ConsultationOpinion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('text', models.CharField(max_length=500, verbose_name='你的意见')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opinions', to='congress.consultation')),
            ],
        ),
        migrations.CreateModel(
            name='ConsultationTalk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='哪天谈的')),
                ('ours', models.CharField(max_length=500, verbose_name='劳动者一方怎么说')),
                ('theirs', models.CharField(max_length=500, verbose_name='平台怎么说')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='talks', to='congress.consultation')),
            ],
        ),
        migrations.CreateModel(
            name='ConsultationVoice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('voice', models.CharField(max_length=64)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='voices', to='congress.consultation')),
            ],
        ),
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'in_force'), _negated=True), models.Q(('effective_on__gte', models.F('published_on')), ('item__isnull', False), ('published_on__isnull', False)), _connector='OR'), name='rule_is_published_before_it_holds'),
        ),
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'ended'), _negated=True), models.Q(('end_reason', ''), _negated=True), _connector='OR'), name='consultation_ended_says_why'),
        ),
        migrations.AddConstraint(
            model_name='consultationvoice',
            constraint=models.UniqueConstraint(fields=('consultation', 'voice'), name='voice_counts_once'),
        ),
    ]
